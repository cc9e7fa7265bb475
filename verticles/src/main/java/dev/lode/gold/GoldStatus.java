package dev.lode.gold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Status;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the marts show, for one tenant: read from the tables, whichever shard keeps them. */
final class GoldStatus {
  private final Lake lake;
  private final List<Mart> marts;
  private final TestLedger ledger;
  private final Clock clock;

  /** By name, what is wrong with marts that are not made. */
  private final Map<String, String> broken;

  GoldStatus(GoldVerticle.Parts parts, TestLedger ledger) {
    this.lake = parts.lake();
    this.marts = parts.marts();
    this.broken = parts.broken();
    this.clock = parts.clock();
    this.ledger = requireNonNull(ledger, "ledger is null");
  }

  /** {@code marts}, and the same as {@code tasks}. */
  Status.Report report(Status.Ask ask) {
    var blocked = ledger.blocked(ask.tenantId());
    var reports = new ArrayList<Map<String, Object>>();
    var tasks = new ArrayList<Map<String, Object>>();
    try (Session session = lake.session()) {
      for (Mart mart : marts) {
        Heads heads = Heads.of(mart, lake);
        long lag = lag(heads);
        var failed = blocked.get(mart.name());
        reports.add(mart(mart, heads, rows(session, mart, heads, ask.tenantId()), failed));
        String state = !heads.ready() ? "waiting" : lag > 0 ? "behind" : "current";
        tasks.add(
            Map.of(
                "name",
                mart.table().toString(),
                "state",
                failed == null ? state : "blocked",
                "lag_ms",
                lag));
      }
    }
    broken.forEach(
        (name, why) -> {
          var failed = Map.of("test", "check", "rows", 0, "sample", why);
          reports.add(Map.of("name", "gold." + name, "rows", 0, "tests_failed", List.of(failed)));
          tasks.add(Map.of("name", "gold." + name, "state", "blocked", "lag_ms", 0));
        });
    return new Status.Report(
        ask.tenantId(), "gold", true, Map.of("marts", reports, "tasks", tasks));
  }

  private Map<String, Object> mart(Mart mart, Heads heads, long rows, TestLedger.Blocked failed) {
    var values = new LinkedHashMap<String, Object>();
    values.put("name", mart.table().toString());
    values.put("description", mart.description());
    values.put("rows", rows);
    values.put("snapshot_id", heads.own() == null ? null : heads.own().id());
    values.put("built_at", heads.own() == null ? null : heads.own().committedAt().toString());
    values.put("plan", heads.own() == null ? null : heads.own().summary().get("lode.plan"));
    values.put("lag_ms", lag(heads));
    values.put("inputs", inputs(heads));
    values.put("tests_failed", failed == null ? List.of() : failures(failed));
    return values;
  }

  private static List<Object> failures(TestLedger.Blocked blocked) {
    return blocked.failed().stream()
        .<Object>map(
            failed -> {
              var values = new LinkedHashMap<String, Object>();
              values.put("test", failed.test());
              values.put("rows", failed.rows());
              values.put("sample", failed.sample());
              return values;
            })
        .toList();
  }

  /** Input to the snapshot of it that the mart shows. */
  private static Map<String, Object> inputs(Heads heads) {
    var inputs = new LinkedHashMap<String, Object>();
    heads
        .inputs()
        .keySet()
        .forEach(
            input ->
                inputs.put(
                    input.toString(), heads.own() == null ? null : heads.own().watermark(input)));
    return inputs;
  }

  private static long rows(Session session, Mart mart, Heads heads, String tenantId) {
    if (heads.own() == null) {
      return 0;
    }
    session.bind("mart", Slice.at(mart.table(), heads.own().id()).tenant(tenantId));
    return session.query("SELECT count(*) FROM mart", 1).count();
  }

  /** For how long the oldest head that the mart does not show has been there; 0 for current. */
  private long lag(Heads heads) {
    Instant now = clock.instant();
    return heads.inputs().entrySet().stream()
        .filter(input -> input.getValue() != null && !shows(heads, input))
        .flatMap(input -> lake.head(input.getKey()).stream())
        .map(Snapshot::committedAt)
        .mapToLong(committed -> Math.max(1, Duration.between(committed, now).toMillis()))
        .max()
        .orElse(0);
  }

  private static boolean shows(Heads heads, Map.Entry<TableName, Long> input) {
    return heads.own() != null
        && Objects.equals(heads.own().watermark(input.getKey()), input.getValue());
  }
}
