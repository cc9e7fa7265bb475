package dev.lode.silver;

import dev.lode.tables.Lake;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Silver says of itself to one tenant. */
final class SilverStatus {
  private final Lake lake;
  private final Clock clock;

  SilverStatus(Lake lake, Clock clock) {
    this.lake = lake;
    this.clock = clock;
  }

  Map<String, Object> values(Collection<Refinery> refineries, String tenantId) {
    var entities = new LinkedHashMap<String, Object>();
    var tasks = new ArrayList<Object>();
    for (Refinery refinery : refineries) {
      var lag = lag(refinery);
      entities.put(refinery.contract().entity(), entity(refinery, tenantId, lag));
      tasks.add(
          Map.of(
              "name",
              "silver." + refinery.contract().entity(),
              "state",
              lag.snapshots() == 0 ? "current" : "behind",
              "lag_ms",
              lag.time().toMillis()));
    }
    return Map.of("entities", entities, "tasks", tasks);
  }

  private Map<String, Object> entity(Refinery refinery, String tenantId, Lag lag) {
    var contract = refinery.contract();
    var standing = refinery.grades().standing(tenantId);
    var values = new LinkedHashMap<String, Object>();
    values.put("table", contract.table().toString());
    values.put("upstream", contract.upstream().toString());
    values.put("rows", rows(contract.table(), tenantId));
    values.put("quarantined", rows(SilverTables.quarantine(contract.entity()).name(), tenantId));
    values.put("watermark", refinery.watermark());
    values.put("lag_snapshots", lag.snapshots());
    values.put("lag_ms", lag.time().toMillis());
    values.put("score", standing.map(Grades.Standing::score).orElse(null));
    values.put("checked", standing.map(Grades.Standing::checked).orElse(null));
    values.put("rejected", standing.map(Grades.Standing::rejected).orElse(null));
    values.put("alerts", refinery.grades().alerts(tenantId));
    return values;
  }

  /** How far Silver is behind Bronze; the time since the first commit that it has not seen. */
  private record Lag(long snapshots, Duration time) {}

  private Lag lag(Refinery refinery) {
    var upstream = refinery.contract().upstream();
    if (!lake.exists(upstream) || lake.head(upstream).isEmpty()) {
      return new Lag(0, Duration.ZERO);
    }
    Long consumed = refinery.watermark();
    List<Snapshot> unseen =
        lake.history(upstream).stream()
            .takeWhile(snapshot -> consumed == null || snapshot.id() != consumed)
            .toList();
    return unseen.isEmpty()
        ? new Lag(0, Duration.ZERO)
        : new Lag(unseen.size(), Duration.between(unseen.getLast().committedAt(), clock.instant()));
  }

  private long rows(TableName table, String tenantId) {
    try (var session = lake.session()) {
      session.bind("counted", Slice.now(table).tenant(tenantId));
      return session.query("SELECT count(*) FROM counted", 1).count();
    }
  }
}
