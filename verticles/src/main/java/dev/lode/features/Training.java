package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features.Dataset;
import dev.lode.codecs.Features.Train;
import dev.lode.features.offline.History;
import dev.lode.features.offline.PointInTime;
import dev.lode.features.offline.PointInTime.Kept;
import dev.lode.features.spec.FeatureCatalog.Reference;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Makes training sets: features as they were at each row's time. Blocks; for worker threads. */
final class Training {
  private final FeatureStore store;
  private final TrainingFiles files;

  Training(FeatureStore store) {
    this.store = requireNonNull(store, "store is null");
    this.files = new TrainingFiles(store.training(), store.limits(), store.clock());
  }

  /** {@code train.entitySql()} must have been judged before. */
  Dataset dataset(Train train) {
    List<Reference> references = store.catalog().resolve(train.features());
    var join = new PointInTime(references, train.knownAsOf());
    try (Session session = store.lake().session()) {
      Map<String, Long> snapshots = bind(session, join.views(), train.tenantId());
      join.prepare().forEach(session::execute);
      List<Kept> kept = given(session, join, train);
      String select = join.join(kept, names(references, kept));
      return train.parquet()
          ? file(session, select, train, snapshots)
          : rows(session, select, train, snapshots);
    }
  }

  private Map<String, Long> bind(Session session, List<View> views, String tenantId) {
    var snapshots = new HashMap<String, Long>();
    for (View view : views) {
      Slice slice = Slice.now(History.table(view)).tenant(tenantId);
      Snapshot shown = session.bind(PointInTime.relation(view), slice);
      if (shown != null) {
        snapshots.put(view.name(), shown.id());
      }
    }
    return snapshots;
  }

  /** Makes {@code given}; answers what is kept of it. */
  private List<Kept> given(Session session, PointInTime join, Train train) {
    if (train.entitySql() != null) {
      return load(session, EntityRows.of(join.views(), select(train)));
    }
    if (!train.entityRows().isEmpty()) {
      return load(session, EntityRows.of(join.views(), train.entityRows()));
    }
    return everyone(session, join, train);
  }

  private static List<Kept> load(Session session, EntityRows rows) {
    session.load("given", rows.ddl(), rows.table());
    return rows.kept();
  }

  private List<Kept> everyone(Session session, PointInTime join, Train train) {
    List<String> keys = join.views().getFirst().keyNames();
    for (View view : join.views()) {
      if (!new HashSet<>(view.keyNames()).equals(new HashSet<>(keys))) {
        throw Failure.invalid(
            "Cannot make a snapshot: %s and %s have different keys (give entity rows)"
                .formatted(join.views().getFirst().name(), view.name()));
      }
    }
    var end = train.end() == null ? store.clock().instant() : train.end();
    session.execute("CREATE TEMP TABLE given AS " + join.everyone(EntityRows.micros(end)));
    var kept = new ArrayList<>(keys.stream().map(key -> new Kept(key, key)).toList());
    kept.add(new Kept("_time", EntityRows.TIME));
    return kept;
  }

  /**
   * In a guarded session: what the SQL reads is bound to the tenant's rows, and nothing else is.
   */
  private Rows select(Train train) {
    int most = store.limits().trainingEntitiesMax();
    try (Session session = store.lake().guardedSession()) {
      session.limit(store.limits().trainingTime().duration());
      session.limitBytes(store.limits().trainingBytes().bytes());
      session.author(train.entitySql());
      for (String table : session.parse(train.entitySql()).tables()) {
        session.bind(table, Slice.now(TableName.of(table)).tenant(train.tenantId()));
      }
      Rows rows = session.query(train.entitySql(), most);
      if (rows.truncated()) {
        throw new Failure(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot train: entity_sql gives more than %d rows (features.training-entities-max), or"
                    .formatted(most)
                + " more bytes than features.training-bytes");
      }
      return rows;
    }
  }

  /** The feature alone where that is clear, else with its view, as Feast writes it. */
  private static List<String> names(List<Reference> references, List<Kept> kept) {
    var taken = new HashMap<String, Integer>();
    kept.forEach(column -> taken.merge(lower(column.name()), 1, Integer::sum));
    references.forEach(each -> taken.merge(lower(each.feature().name()), 1, Integer::sum));
    var names = new ArrayList<String>();
    for (Reference each : references) {
      String name = each.feature().name();
      names.add(taken.get(lower(name)) == 1 ? name : each.view().name() + "__" + name);
    }
    var seen = new HashSet<String>();
    Stream.concat(kept.stream().map(Kept::name), names.stream())
        .filter(name -> !seen.add(lower(name)))
        .forEach(
            name -> {
              throw Failure.invalid("Cannot train: column " + name + " would be there twice");
            });
    return names;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private Dataset rows(Session session, String select, Train train, Map<String, Long> snapshots) {
    int most = store.limits().trainingRowsMax();
    Rows rows = session.query(select, most);
    if (rows.truncated()) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot answer more than %d rows (features.training-rows-max)".formatted(most),
          "Ask for format parquet and read the file.");
    }
    var values = new ArrayList<List<Object>>(rows.rows().size());
    for (List<Object> row : rows.rows()) {
      var json = new ArrayList<>(row.size());
      row.forEach(value -> json.add(ValueType.json(value)));
      values.add(json);
    }
    return new Dataset(train.tenantId(), rows.columns(), values, values.size(), null, snapshots);
  }

  private Dataset file(Session session, String select, Train train, Map<String, Long> snapshots) {
    Path file = files.next(train.tenantId());
    long count = session.export(select, file);
    files.written(train.tenantId(), file);
    var columns = session.query("SELECT * FROM (" + select + ") LIMIT 0", 1).columns();
    return new Dataset(train.tenantId(), columns, List.of(), count, file.toString(), snapshots);
  }
}
