package dev.lode.vectors;

import dev.lode.codecs.Vectors;
import dev.lode.fold.Folds;
import dev.lode.tables.Rows;
import dev.lode.tables.TableName;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.text.Embedder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * One turn: from what an index shows towards the heads of its tables.
 *
 * @param heads where to
 * @param continues the tables can tell what changed since what the index shows
 * @param troubled some documents could not be made: until all can, all are looked at
 */
record Step(
    VectorSpec spec,
    Partition partition,
    SortedMap<TableName, Long> heads,
    boolean continues,
    boolean troubled) {

  Synchroniser.Turn run(Difference difference, VectorIndex index, Synchroniser.Site site) {
    Checkpoint from = index.checkpoint();
    List<String> touched = bind(difference, from, site.folds());
    if (touched != null && touched.isEmpty()) {
      index.publish(from.at(spec.fingerprint(), heads));
      return turn(0, 0, 0, false);
    }
    var documents = new DocumentSql(spec, difference.columns());
    Map<String, FieldType> fields = fields(documents);
    String missing = difference.compare(documents, index.contentHashes(touched));
    site.tell(partition, missing);
    Rows changed = difference.changed(site.turnDocuments());
    List<String> gone = difference.gone();
    Embedder embedder = site.embedders().apply(spec.embedder());
    var made = new DocumentMaker(spec, fields, embedder).make(changed, index);
    index.put(made.documents(), fields);
    index.remove(gone);
    Checkpoint partly = new Checkpoint(from.spec(), from.snapshots(), fields);
    if (changed.truncated()) {
      index.publish(partly);
      index.commit();
    } else {
      index.publish(partly.at(spec.fingerprint(), heads));
    }
    return turn(made.embedded(), made.reused(), gone.size(), changed.truncated());
  }

  /** The touched ids, or null where everything is bound. */
  private List<String> bind(Difference difference, Checkpoint from, Folds folds) {
    TableName table = heads.firstKey();
    Long since = from.snapshots().get(table.toString());
    boolean incremental =
        spec.incremental() && !troubled && heads.size() == 1 && continues && since != null;
    if (incremental && from.spec().equals(spec.fingerprint())) {
      var touched = difference.bindTouched(folds, table, since, heads.get(table));
      if (touched.isPresent()) {
        return touched.get();
      }
    }
    difference.bindWhole(heads);
    return null;
  }

  private Map<String, FieldType> fields(DocumentSql documents) {
    var fields = new HashMap<String, FieldType>();
    for (String name : spec.metadata()) {
      fields.put(name, FieldType.of(name, documents.type(name)));
    }
    return fields;
  }

  private Synchroniser.Turn turn(long embedded, long reused, long removed, boolean more) {
    long snapshot = heads.get(heads.firstKey());
    return new Synchroniser.Turn(
        new Vectors.Synced(
            partition.tenantId(), spec.namespace(), snapshot, embedded, reused, removed),
        more);
  }
}
