package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What a layer could not do, of which table and for whom, until it could: for readiness, the
 * dashboard, metrics, and the answers that are made of that table. Reported anew after a start.
 * Thread-safe.
 */
public final class Troubles {
  private static final int REASON_MAX = 500;

  private final Clock clock;
  private final Map<Place, Trouble> open = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final Map<Place, Long> alerts = new ConcurrentHashMap<>();

  private record Place(String layer, TableName table, String tenantId) {}

  /**
   * @param tenantId whose it is; null for all of them
   * @param reason without values of rows: several tenants may read it
   * @param since when it was reported first
   */
  public record Trouble(
      String layer, TableName table, String tenantId, String reason, Instant since) {

    /** For whoever reads an answer made of the table. */
    public String sentence() {
      return "%s %s is not all there: %s".formatted(layer, table, reason);
    }
  }

  public Troubles(Clock clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * @param tenantId null where it concerns all of them
   */
  public void report(String layer, TableName table, String tenantId, String reason) {
    String said = reason == null ? "no reason was given" : reason;
    String brief = said.length() > REASON_MAX ? said.substring(0, REASON_MAX) + "..." : said;
    failures.computeIfAbsent(layer, first -> new LongAdder()).increment();
    open.compute(
        new Place(layer, table, tenantId == null ? "" : tenantId),
        (place, before) ->
            new Trouble(
                layer, table, tenantId, brief, before == null ? clock.instant() : before.since()));
  }

  public void clear(String layer, TableName table, String tenantId) {
    open.remove(new Place(layer, table, tenantId == null ? "" : tenantId));
  }

  public boolean has(String layer, TableName table, String tenantId) {
    return open.containsKey(new Place(layer, table, tenantId == null ? "" : tenantId));
  }

  /** Runs one turn at a table; its failure is a trouble of all tenants until a turn goes well. */
  public <T> T watch(String layer, TableName table, Supplier<T> turn) {
    try {
      T done = turn.get();
      clear(layer, table, null);
      return done;
    } catch (RuntimeException e) {
      report(layer, table, null, e.getMessage());
      throw e;
    }
  }

  /** Those that concern a tenant, oldest first. */
  public List<Trouble> of(String tenantId) {
    return open.values().stream()
        .filter(trouble -> trouble.tenantId() == null || trouble.tenantId().equals(tenantId))
        .sorted(Comparator.comparing(Trouble::since).thenComparing(Trouble::sentence))
        .toList();
  }

  /** Layer to how many are open, of all tenants. */
  public Map<String, Long> open() {
    var counts = new TreeMap<String, Long>();
    open.values().forEach(trouble -> counts.merge(trouble.layer(), 1L, Long::sum));
    return counts;
  }

  /** So many promises about a table do not hold for a tenant now. */
  public void alert(String layer, TableName table, String tenantId, long count) {
    alerts.put(new Place(layer, table, tenantId), count);
  }

  /** Layer to how many promises do not hold, of all tenants. */
  public Map<String, Long> alerts() {
    var counts = new TreeMap<String, Long>();
    alerts.forEach((place, count) -> counts.merge(place.layer(), count, Long::sum));
    return counts;
  }

  /** How often a layer reported any, since the start. */
  public long failures(String layer) {
    LongAdder count = failures.get(layer);
    return count == null ? 0 : count.sum();
  }
}
