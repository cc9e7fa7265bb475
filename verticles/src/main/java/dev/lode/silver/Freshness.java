package dev.lode.silver;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Sla;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The time of each tenant's newest record, held against what the contract promises of it. A record
 * that claims to be of a time after it came in proves nothing, now or when that time has come.
 */
final class Freshness {
  /** Two clocks may differ by so much, and no time of a record counts beyond its arrival. */
  private static final String CLOCK_SKEW = "INTERVAL 1 SECOND";

  private final Lake lake;
  private final Contract contract;
  private final Optional<Sla> sla;
  private final Map<String, Instant> newest = new HashMap<>();

  Freshness(Lake lake, Contract contract) {
    this.lake = lake;
    this.contract = contract;
    this.sla = contract.slas().stream().filter(one -> one.kind() == Sla.Kind.FRESHNESS).findFirst();
  }

  /** Takes in a batch that is written. */
  void observe(Assay assay, String tenantId) {
    if (sla.isPresent() && newest(tenantId) != null) {
      latest(assay.session(), assay.outputs().accepted(tenantId))
          .ifPresent(time -> newest.merge(tenantId, time, Freshness::later));
    }
  }

  /** Empty where nothing is promised, or nothing has come yet. */
  Optional<Grade> grade(String tenantId, Instant now) {
    return sla.flatMap(
        promise ->
            Optional.ofNullable(newest(tenantId))
                .map(time -> Grade.of(promise, Duration.between(time, now))));
  }

  /** Read from Silver once; batches tell the rest. */
  private Instant newest(String tenantId) {
    return newest.computeIfAbsent(
        tenantId,
        tenant -> {
          try (var session = lake.session()) {
            session.bind("kept", Slice.now(contract.table()).tenant(tenant));
            return latest(session, "kept").orElse(null);
          }
        });
  }

  private Optional<Instant> latest(Session session, String relation) {
    String element = sla.orElseThrow().element();
    String query =
        """
        SELECT max(least(_time, _ingest_time)) FROM (
          SELECT CAST(%s AS TIMESTAMPTZ) AS _time, _ingest_time FROM %s)
        WHERE _time <= _ingest_time + %s\
        """
            .formatted(column(element), relation, CLOCK_SKEW);
    return Optional.ofNullable((Instant) session.query(query, 1).single());
  }

  private String column(String element) {
    boolean told = contract.eventTime() != null;
    return "\"" + (element != null ? element : told ? "_event_time" : "_ingest_time") + "\"";
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
