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
import dev.lode.tables.TableSpec;
import dev.lode.tables.Upsert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private final MartStage stage;

  MartBuilder(Lake lake, LodeConfig.Gold config) {
    this.lake = requireNonNull(lake, "lake is null");
    this.config = requireNonNull(config, "config is null");
    this.stage = new MartStage(lake, new Folds(lake, config.foldRowsMax()));
  }

  /** A test that some rows of a tenant fail. */
  record Failed(String tenantId, String test, long rows, String sample) {}

  /**
   * @param snapshot what the mart now shows; null where nothing was published
   * @param tenants whose keys were built, and how many
   * @param failed of tenants whose rows stay as they were
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
      touched = touched == null ? null : touched.with(heads.held());
      var work = new MartStage.Work(session, mart, heads, touched);
      boolean recalled = touched != null && stage.recall(work, OLD);
      var failed = new ArrayList<>(stage.stage(work));
      TableSpec spec = spec(session, mart);
      if (touched != null && hasOtherColumns(spec)) {
        return build(mart, heads, new Plan.Whole("the columns of its inputs changed"));
      }
      boolean whole = touched == null || scattered(session, heads);
      if (whole || ExpectationSql.needsResult(mart)) {
        show(work, spec, Set.of());
      }
      failed.addAll(test(session, mart));
      if (!failed.isEmpty()) {
        if (!mart.nature().isPerTenant() || isNothingLeft(work, tenants(failed))) {
          return Built.blocked(failed);
        }
        work = hold(work, tenants(failed), recalled);
        if (whole) {
          show(work, spec, tenants(failed));
        }
      }
      Progress progress = progress(mart, heads, note(plan, touched), tenants(failed));
      if (!whole && !recalled) {
        remember(work, spec);
      }
      Snapshot snapshot =
          whole
              ? replace(session, spec, progress)
              : upsert(session, spec, progress).orElse(heads.own());
      return new Built(snapshot, tenants(work), List.copyOf(failed));
    }
  }

  private static Set<String> tenants(List<Failed> failed) {
    return failed.stream().map(Failed::tenantId).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether there is no key but those of {@code failed}: then all stays as it is. */
  private static boolean isNothingLeft(MartStage.Work work, Set<String> failed) {
    String keys = work.touched() == null ? STAGED : TouchedKeys.TABLE;
    String left =
        "SELECT count(*) FROM %s WHERE tenant_id NOT IN (%s)"
            .formatted(keys, Keys.literals(failed));
    boolean retried = work.touched() != null && !failed.containsAll(work.touched().tenants());
    return !retried && work.session().query(left, 1).count() == 0;
  }

  /** Leaves the rows of {@code failed} as they are. */
  private static MartStage.Work hold(MartStage.Work work, Set<String> failed, boolean recalled) {
    var tables = new ArrayList<>(List.of(STAGED));
    if (work.touched() != null) {
      tables.add(TouchedKeys.TABLE);
    }
    if (recalled) {
      tables.add(OLD);
    }
    for (String table : tables) {
      work.session()
          .execute(
              "DELETE FROM %s WHERE tenant_id IN (%s)".formatted(table, Keys.literals(failed)));
    }
    if (work.touched() == null) {
      return work;
    }
    var retried = new TreeSet<>(work.touched().tenants());
    retried.removeAll(failed);
    return new MartStage.Work(
        work.session(), work.mart(), work.heads(), work.touched().with(retried));
  }

  /** Changed keys that are fewer to build than all {@code rows}. */
  private int keysMax(long rows) {
    return Math.max(
        config.incrementalKeysMin(), (int) Math.min(config.incrementalKeysMax(), rows / 2));
  }

  private static Map<String, Long> tenants(MartStage.Work work) {
    TouchedKeys touched = work.touched();
    String keys =
        touched == null
            ? STAGED
            : touched.tenants().isEmpty()
                ? TouchedKeys.TABLE
                : "(SELECT tenant_id FROM %s UNION ALL SELECT tenant_id FROM %s)"
                    .formatted(TouchedKeys.TABLE, STAGED);
    String count = "SELECT tenant_id, count(*) FROM " + keys + " GROUP BY tenant_id";
    return work.session().query(count, Integer.MAX_VALUE).rows().stream()
        .collect(Collectors.toMap(row -> (String) row.get(0), row -> (Long) row.get(1)));
  }

  /**
   * What the mart will show.
   *
   * @param failed tenants whose rows stay as they are, though all others are made anew
   */
  private void show(MartStage.Work work, TableSpec spec, Set<String> failed) {
    Session session = work.session();
    Snapshot own = work.heads().own();
    String select = "SELECT %s FROM ".formatted(columns(spec));
    String stays = "tenant_id IN (%s)".formatted(Keys.literals(failed));
    if (work.touched() != null) {
      stays = "(%s) IS NOT TRUE".formatted(work.touched().wanted());
    }
    boolean isAll = work.touched() == null && (own == null || failed.isEmpty());
    // Rows in other columns cannot stay beside those in the new ones.
    if (isAll || hasOtherColumns(spec)) {
      session.execute("CREATE OR REPLACE TEMP VIEW lode_result AS FROM " + STAGED);
      return;
    }
    session.bind(CURRENT, Slice.at(spec.name(), own.id()));
    session.execute(
        "CREATE OR REPLACE TEMP VIEW lode_result AS %s%s WHERE %s UNION ALL %s%s"
            .formatted(select, CURRENT, stays, select, STAGED));
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
  private static void remember(MartStage.Work work, TableSpec spec) {
    Session session = work.session();
    TouchedKeys touched = work.touched();
    session.bind(CURRENT, touched.prune(Slice.at(spec.name(), work.heads().own().id()), spec));
    MartStage.store(session, OLD, "SELECT %s FROM %s".formatted(columns(spec), CURRENT), touched);
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

  /**
   * @param held tenants whose rows are not those of the inputs
   */
  private static Progress progress(Mart mart, Heads heads, String plan, Set<String> held) {
    Map<String, String> before = heads.own() == null ? Map.of() : heads.own().summary();
    var expected = new HashMap<String, String>();
    expected.put(Plan.DEFINITION, before.get(Plan.DEFINITION));
    var next = new HashMap<>(Map.of(Plan.DEFINITION, mart.definition()));
    if (!held.isEmpty() || before.containsKey(Plan.HELD)) {
      expected.put(Plan.HELD, before.get(Plan.HELD));
      next.put(Plan.HELD, String.join("\n", held));
    }
    Progress progress = new Progress(expected, next, Map.of()).note("lode.plan", plan);
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
