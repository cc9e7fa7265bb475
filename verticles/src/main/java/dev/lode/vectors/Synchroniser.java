package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Vectors;
import dev.lode.fold.Folds;
import dev.lode.tables.Halving;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Embedder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Brings indexes to the heads of their tables, by turns. Idempotent: a turn compares content, so it
 * does no harm to run it again, or from an older checkpoint.
 */
final class Synchroniser {
  private static final String LAYER = "vectors";

  private final Site site;

  /** Where a turn failed for what rows hold: the same rows are not tried again. */
  private final Map<Partition, Map<TableName, Long>> failed = new ConcurrentHashMap<>();

  /** What each index showed after its last turn: asking again must not open them all. */
  private final Map<Partition, Checkpoint> shown = new ConcurrentHashMap<>();

  /**
   * @param embedders by name
   * @param turnDocuments changed documents of one turn
   */
  record Site(
      Lake lake,
      Sources sources,
      VectorIndexes indexes,
      Function<String, Embedder> embedders,
      Folds folds,
      int turnDocuments) {

    /** What documents are missing, and why; null where none is. */
    void tell(Partition partition, String missing) {
      TableName table = table(partition);
      if (missing == null) {
        lake.troubles().clear(LAYER, table, partition.tenantId());
      } else {
        lake.troubles().report(LAYER, table, partition.tenantId(), missing);
      }
    }

    boolean isTroubled(Partition partition) {
      return lake.troubles().has(LAYER, table(partition), partition.tenantId());
    }

    private static TableName table(Partition partition) {
      return new TableName("vectors", partition.namespace());
    }
  }

  Synchroniser(Site site) {
    this.site = requireNonNull(site, "site is null");
  }

  /**
   * What one turn did.
   *
   * @param more there is more to do
   */
  record Turn(Vectors.Synced synced, boolean more) {}

  /** Empty where there was nothing to do. */
  Optional<Turn> turn(VectorSpec spec, String tenantId) {
    Optional<SortedMap<TableName, Long>> heads = site.sources().heads(spec);
    if (heads.isEmpty()) {
      return Optional.empty();
    }
    var partition = new Partition(spec.namespace(), tenantId);
    Checkpoint last = shown.get(partition);
    if (last != null && last.isAt(spec.fingerprint(), heads.get())) {
      return Optional.empty();
    }
    if (heads.get().equals(failed.get(partition))) {
      return Optional.empty();
    }
    try {
      return site.indexes().write(partition, index -> turn(spec, partition, heads.get(), index));
    } catch (RuntimeException e) {
      shown.remove(partition);
      site.tell(partition, e.getMessage());
      if (e instanceof Failure cause && Halving.isOfRows(cause)) {
        failed.put(partition, heads.get());
      }
      throw e;
    }
  }

  private Optional<Turn> turn(
      VectorSpec spec, Partition partition, SortedMap<TableName, Long> heads, VectorIndex index) {
    note(partition, index.checkpoint());
    if (index.checkpoint().isAt(spec.fingerprint(), heads)) {
      return Optional.empty();
    }
    boolean continues = remembers(index.checkpoint());
    boolean troubled = site.isTroubled(partition);
    return Optional.of(run(new Step(spec, partition, heads, continues, troubled), index));
  }

  private Turn run(Step step, VectorIndex index) {
    var partition = step.partition();
    try (Session session = site.lake().session()) {
      var difference = new Difference(site.lake(), session, step.spec(), partition.tenantId());
      Turn turn = step.run(difference, index, site);
      note(partition, index.checkpoint());
      return turn;
    }
  }

  /**
   * Compares all that an index holds with its tables, whether or not they moved, in as many turns
   * as it takes. Only the last tells the index that it is there: interrupted, it is as it was.
   */
  Vectors.Synced rebuild(VectorSpec spec, String tenantId) {
    var heads = site.sources().heads(spec).orElseThrow(() -> nothing(spec));
    var step = new Step(spec, new Partition(spec.namespace(), tenantId), heads, false, false);
    long embedded = 0;
    long reused = 0;
    long removed = 0;
    Turn turn;
    do {
      turn = site.indexes().write(step.partition(), index -> run(step, index));
      embedded += turn.synced().embedded();
      reused += turn.synced().reused();
      removed += turn.synced().removed();
    } while (turn.more());
    long shown = turn.synced().snapshotId();
    return new Vectors.Synced(tenantId, spec.namespace(), shown, embedded, reused, removed);
  }

  private Failure nothing(VectorSpec spec) {
    return new Failure(
        ErrorCode.NOT_FOUND,
        "Cannot rebuild %s: nothing is there yet of %s"
            .formatted(spec.namespace(), site.sources().tables(spec)));
  }

  /** Tells the lake, too, which snapshots the index still needs. */
  private void note(Partition partition, Checkpoint checkpoint) {
    shown.put(partition, checkpoint);
    var snapshots = new HashMap<TableName, Long>();
    checkpoint.snapshots().forEach((table, id) -> snapshots.put(TableName.of(table), id));
    site.lake().positions().put("vectors " + partition.owned(), snapshots);
  }

  /** A table made anew, or expired beyond the checkpoint, cannot tell what changed since. */
  private boolean remembers(Checkpoint checkpoint) {
    return checkpoint.snapshots().entrySet().stream()
        .allMatch(entry -> site.sources().remembers(entry.getKey(), entry.getValue()));
  }

  /** Keeps what was published; a failure only makes the next start do it again. */
  void commit() {
    try {
      site.indexes().commit();
    } catch (RuntimeException e) {
      shown.clear();
      throw e;
    }
  }
}
