package dev.lode.gold;

import static dev.lode.gold.ExpectationSql.RESULT;
import static dev.lode.gold.ExpectationSql.STAGED;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.fold.Folds;
import dev.lode.tables.Alterations;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.Upsert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Builds a mart in one session, each input bound at one snapshot: stages its rows, tests them, and
 * only then commits them with the snapshots that they came from.
 */
final class MartBuilder {
  private static final String CURRENT = "lode_current";
  private static final String OLD = "temp.lode_old";
  private static final Pattern STORABLE =
      Pattern.compile(
          "(VARCHAR|BOOLEAN|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL\\(\\d+,\\d+\\)|DATE|TIMESTAMP"
              + "|TIMESTAMP WITH TIME ZONE|BLOB|UUID)(\\[])?");

  private final Lake lake;
  private final LodeConfig.Gold config;
  private final Folds folds;

  MartBuilder(Lake lake, LodeConfig.Gold config) {
    this.lake = requireNonNull(lake, "lake is null");
    this.config = requireNonNull(config, "config is null");
    this.folds = new Folds(lake, config.foldRowsMax());
  }

  /** A test that some rows of a tenant fail. */
  record Failed(String tenantId, String test, long rows, String sample) {}

  /**
   * @param snapshot what the mart now shows; null where {@code failed} is not empty
   * @param tenants whose keys were built, and how many
   */
  record Built(Snapshot snapshot, Map<String, Long> tenants, List<Failed> failed) {
    static Built blocked(List<Failed> failed) {
      return new Built(null, Map.of(), failed);
    }
  }

  Built build(Mart mart, Heads heads, Plan plan) {
    try (Session session = lake.session()) {
      TouchedKeys touched =
          plan instanceof Plan.Touched moved
              ? TouchedKeys.find(session, mart, moved.changes(), keysMax(heads.own().rows()))
              : null;
      boolean recalled = touched != null && recall(session, mart, heads, touched);
      stage(session, touched, bind(session, mart, heads, touched));
      TableSpec spec = spec(session, mart);
      if (touched != null && hasOtherColumns(spec)) {
        return build(mart, heads, new Plan.Whole("the columns of its inputs changed"));
      }
      boolean whole = touched == null || scattered(session, heads);
      if (whole || ExpectationSql.needsResult(mart)) {
        show(session, heads, touched, spec);
      }
      List<Failed> failed = test(session, mart);
      if (!failed.isEmpty()) {
        return Built.blocked(failed);
      }
      Progress progress = progress(mart, heads, note(plan, touched));
      if (!whole && !recalled) {
        remember(session, heads, touched, spec);
      }
      Snapshot snapshot =
          whole
              ? replace(session, spec, progress)
              : upsert(session, spec, progress).orElse(heads.own());
      return new Built(snapshot, tenants(session, touched), List.of());
    }
  }

  /** Changed keys that are fewer to build than all {@code rows}. */
  private int keysMax(long rows) {
    return Math.max(
        config.incrementalKeysMin(), (int) Math.min(config.incrementalKeysMax(), rows / 2));
  }

  private static Map<String, Long> tenants(Session session, TouchedKeys touched) {
    String keys = touched == null ? STAGED : TouchedKeys.TABLE;
    String count = "SELECT tenant_id, count(*) FROM " + keys + " GROUP BY tenant_id";
    return session.query(count, Integer.MAX_VALUE).rows().stream()
        .collect(Collectors.toMap(row -> (String) row.get(0), row -> (Long) row.get(1)));
  }

  /** Returns the SELECT that gives the mart's rows from what is bound. */
  private String bind(Session session, Mart mart, Heads heads, TouchedKeys touched) {
    heads.others().forEach((other, id) -> session.bind(other.toString(), slice(other, id)));
    Optional<String> folded =
        touched == null
            ? Optional.empty()
            : foldable(mart, touched)
                .flatMap(
                    query ->
                        folds.bind(
                            session, query, heads.inputs().get(query.table()), touched.select()));
    if (folded.isPresent()) {
      return folded.get();
    }
    heads
        .inputs()
        .forEach(
            (input, id) -> {
              var touch = touched == null ? null : mart.touches().get(input);
              if (touch == null) {
                session.bind(input.toString(), slice(input, id));
                return;
              }
              session.bind(
                  input.toString(),
                  touched.prune(slice(input, id), touch, lake.spec(input)),
                  touched.condition(touch));
            });
    return mart.sql();
  }

  /**
   * A mart of one input, which its tests do not read, may need no more than what changed. Folds
   * look for keys as joins do, to which null is nothing.
   */
  private static Optional<Folds.Query> foldable(Mart mart, TouchedKeys touched) {
    TableName input = mart.inputs().first();
    boolean tested =
        mart.expectations().stream()
            .anyMatch(
                test ->
                    test instanceof Expectation.Relationships related
                        && related.table().equals(input));
    if (mart.inputs().size() > 1 || tested || touched.hasNull()) {
      return Optional.empty();
    }
    var keys = new ArrayList<>(List.of("tenant_id"));
    mart.key().forEach(column -> keys.add(mart.touches().get(input).of(column)));
    return Optional.of(new Folds.Query(mart.table().toString(), mart.sql(), input, keys, false));
  }

  private static Slice slice(TableName table, Long id) {
    return id == null ? Slice.now(table) : Slice.at(table, id);
  }

  private static void stage(Session session, TouchedKeys touched, String select) {
    store(session, STAGED, select, touched == null ? "" : wanted(touched));
  }

  private static void store(Session session, String table, String select, String wanted) {
    session.execute(
        "CREATE TEMP TABLE %s AS SELECT * FROM (\n%s\n)%s".formatted(table, select, wanted));
  }

  private static String wanted(TouchedKeys touched) {
    return " WHERE " + touched.wanted();
  }

  /** As {@link #remember}, from what is kept instead of from files, where that is as old. */
  private boolean recall(Session session, Mart mart, Heads heads, TouchedKeys touched) {
    Optional<String> old =
        foldable(mart, touched)
            .flatMap(
                query ->
                    folds.recall(
                        session, query, heads.own().watermark(query.table()), touched.select()));
    old.ifPresent(select -> store(session, OLD, select, wanted(touched)));
    return old.isPresent();
  }

  /** What the mart will show. */
  private static void show(Session session, Heads heads, TouchedKeys touched, TableSpec spec) {
    if (touched == null) {
      session.execute("CREATE TEMP VIEW lode_result AS FROM " + STAGED);
      return;
    }
    session.bind(CURRENT, Slice.at(spec.name(), heads.own().id()));
    session.execute(
        """
        CREATE TEMP VIEW lode_result AS SELECT %1$s FROM %2$s ANTI JOIN %3$s USING (%4$s)
        UNION ALL SELECT %1$s FROM %5$s\
        """
            .formatted(columns(spec), CURRENT, TouchedKeys.TABLE, Keys.list(spec.key()), STAGED));
  }

  private static List<Failed> test(Session session, Mart mart) {
    var expectations = ExpectationSql.all(mart);
    var failed = new ArrayList<Failed>();
    for (List<Object> row :
        session.query(ExpectationSql.failures(expectations, mart), 1000).rows()) {
      int test = ((Number) row.get(0)).intValue();
      failed.add(
          new Failed(
              String.valueOf(row.get(1)),
              expectations.get(test).toString(),
              ((Number) row.get(2)).longValue(),
              (String) row.get(3)));
    }
    return failed;
  }

  /** Rows that stay would lack what a rename or a wider type of an input brings. */
  private boolean hasOtherColumns(TableSpec spec) {
    return !types(spec).equals(types(lake.spec(spec.name())));
  }

  private static Map<String, String> types(TableSpec spec) {
    return spec.fields().stream()
        .collect(Collectors.toMap(TableSpec.Field::name, TableSpec.Field::type));
  }

  private Snapshot replace(Session session, TableSpec spec, Progress progress) {
    lake.ensure(spec, Alterations.REPLACED);
    return session.replace(spec.name(), "SELECT * FROM " + RESULT, progress);
  }

  /** Each upsert adds a file; read and searched one by one, many cost more than writing one. */
  private boolean scattered(Session session, Heads heads) {
    String files = heads.own().summary().getOrDefault("total-data-files", "0");
    long most = config.filesMax();
    if (Long.parseLong(files) <= most) {
      return false;
    }
    session.bind(CURRENT, Slice.at(heads.own().table(), heads.own().id()));
    String tenants = "SELECT count(DISTINCT tenant_id) FROM " + CURRENT;
    return Long.parseLong(files) > most * session.query(tenants, 1).count();
  }

  /** As the staged rows are. */
  static TableSpec spec(Session session, Mart mart) {
    var fields = new ArrayList<TableSpec.Field>();
    var described = session.query("DESCRIBE " + STAGED, Integer.MAX_VALUE).rows();
    for (List<Object> column : described) {
      String name = (String) column.get(0);
      String type = (String) column.get(1);
      if (!STORABLE.matcher(type).matches()) {
        throw Failure.invalid(
            "Cannot build %s: column %s is %s (cast it to BIGINT, DECIMAL(p,s), VARCHAR...)"
                .formatted(mart.table(), name, type));
      }
      boolean required = mart.tableKey().contains(name);
      var field = new TableSpec.Field(name, type, required, "");
      fields.add(name.equals("tenant_id") ? 0 : fields.size(), field);
    }
    return new TableSpec(
        mart.table(), fields, mart.tableKey(), List.of("tenant_id"), mart.description());
  }

  /** What the mart shows of the touched keys. */
  private static void remember(Session session, Heads heads, TouchedKeys touched, TableSpec spec) {
    session.bind(CURRENT, touched.prune(Slice.at(spec.name(), heads.own().id()), spec));
    session.execute(
        "CREATE TEMP TABLE lode_old AS SELECT %s FROM %s SEMI JOIN %s USING (%s)"
            .formatted(columns(spec), CURRENT, TouchedKeys.TABLE, Keys.list(spec.key())));
  }

  /** Only rows that differ are written, so that whoever follows the mart sees no more than that. */
  private static Optional<Snapshot> upsert(Session session, TableSpec spec, Progress progress) {
    String key = Keys.list(spec.key());
    String columns = columns(spec);
    return session.upsert(
        spec.name(),
        new Upsert(
            spec.key(),
            "SELECT %1$s FROM %2$s EXCEPT SELECT %1$s FROM %3$s".formatted(columns, STAGED, OLD),
            "SELECT %1$s FROM %2$s ANTI JOIN %3$s USING (%1$s)".formatted(key, OLD, STAGED)),
        progress);
  }

  private static String columns(TableSpec spec) {
    return Keys.list(spec.fields().stream().map(TableSpec.Field::name).toList());
  }

  private static Progress progress(Mart mart, Heads heads, String plan) {
    String before = heads.own() == null ? null : heads.own().summary().get(Plan.DEFINITION);
    var expected = new HashMap<String, String>();
    expected.put(Plan.DEFINITION, before);
    Progress progress =
        new Progress(expected, Map.of(Plan.DEFINITION, mart.definition()), Map.of())
            .note("lode.plan", plan);
    for (var input : heads.inputs().entrySet()) {
      if (input.getValue() != null) {
        Long from = heads.own() == null ? null : heads.own().watermark(input.getKey());
        progress = progress.and(Progress.of(input.getKey(), from, input.getValue()));
      }
    }
    return progress;
  }

  private static String note(Plan plan, TouchedKeys touched) {
    return switch (plan) {
      case Plan.Whole whole -> "whole: " + whole.reason();
      case Plan.Touched _ when touched == null -> "whole: too many keys changed";
      default -> touched.count() + " keys";
    };
  }
}
