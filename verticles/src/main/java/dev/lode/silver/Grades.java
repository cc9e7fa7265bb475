package dev.lode.silver;

import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Rule;
import dev.lode.silver.contract.Sla;
import dev.lode.silver.sql.Outputs;
import dev.lode.tables.Halving;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The quality of one entity: graded per run and tenant, logged, alerted where poor. */
final class Grades {
  private static final String LAYER = "silver";
  private static final Logger LOG = LoggerFactory.getLogger(Grades.class);

  private final Refinery.Site site;
  private final Contract contract;
  private final Map<String, Standing> standings = new HashMap<>();
  private final Freshness freshness;

  /** How a tenant's last run went. */
  record Standing(double score, long checked, long rejected, Instant at, List<String> alerts) {
    Standing {
      alerts = List.copyOf(alerts);
    }
  }

  Grades(Refinery.Site site, Contract contract) {
    this.site = site;
    this.contract = contract;
    this.freshness = new Freshness(site.lake(), contract);
  }

  /** Grades a run that is about to be committed, with the time that its records took so far. */
  QualityLog settle(Assay assay, UUID runId, QualityLog.Span span) {
    return settle(assay, runId, span, contract.slas());
  }

  /** As {@link #settle}, for records that are not new. */
  QualityLog settleAgain(Assay assay, UUID runId, QualityLog.Span span) {
    return settle(assay, runId, span, List.of());
  }

  private QualityLog settle(Assay assay, UUID runId, QualityLog.Span span, List<Sla> slas) {
    var log = new QualityLog();
    Instant now = site.clock().instant();
    for (Tally tally : assay.tallies()) {
      var grades = grades(assay, tally);
      slas.stream()
          .filter(sla -> sla.kind() == Sla.Kind.LATENCY)
          .forEach(sla -> grades.add(Grade.of(sla, Duration.between(tally.oldest(), now))));
      freshness.observe(assay, tally.tenantId());
      freshness.grade(tally.tenantId(), now).ifPresent(grades::add);
      String tenantId = tally.tenantId();
      log.add(new QualityLog.Entry(tenantId, runId, contract.entity(), span, now), grades);
      stand(tally, now, alerts(grades));
    }
    return log;
  }

  private void stand(Tally tally, Instant now, List<String> alerts) {
    var standing = new Standing(tally.score(), tally.checked(), tally.rejected(), now, alerts);
    standings.put(tally.tenantId(), standing);
    site.lake().troubles().alert(LAYER, contract.table(), tally.tenantId(), alerts.size());
    alerts.forEach(alert -> LOG.warn("ALERT for tenant " + tally.tenantId() + ": " + alert));
  }

  private List<Grade> grades(Assay assay, Tally tally) {
    var grades = new ArrayList<Grade>();
    grades.add(Grade.ofRun(tally, site.config().qualityAlertBelow()));
    for (Rule rule : contract.rules()) {
      grades.add(
          rule instanceof Rule.Whole whole ? whole(assay, tally, whole) : Grade.of(rule, tally));
    }
    tally.failed().forEach((name, failed) -> unknown(name, failed, tally).ifPresent(grades::add));
    return grades;
  }

  private static Optional<Grade> unknown(String name, long failed, Tally tally) {
    return name.startsWith(Outputs.UNKNOWN_FIELD)
        ? Optional.of(Grade.ofUnknown(name, failed, tally))
        : Optional.empty();
  }

  /** A query that throws on one tenant's values is that tenant's failure alone. */
  private Grade whole(Assay assay, Tally tally, Rule.Whole rule) {
    var troubles = site.lake().troubles();
    try {
      Grade grade = Grade.ofWhole(rule, tally, assay.whole(rule, tally.tenantId()));
      troubles.clear(LAYER, contract.table(), tally.tenantId());
      return grade;
    } catch (Failure e) {
      if (!Halving.isOfRows(e)) {
        throw e;
      }
      troubles.report(
          LAYER,
          contract.table(),
          tally.tenantId(),
          "rule %s cannot be asked: %s".formatted(rule.id(), e.oneLine()));
      return Grade.unasked(rule, tally);
    }
  }

  private List<String> alerts(List<Grade> grades) {
    return grades.stream()
        .filter(grade -> !grade.passed())
        .filter(grade -> "alert".equals(grade.severity()) || grade.rule().equals(Grade.WHOLE_RUN))
        .map(this::sentence)
        .toList();
  }

  private String sentence(Grade grade) {
    return grade.rule().equals(Grade.WHOLE_RUN)
        ? "%s: %d of %d records were rejected"
            .formatted(contract.entity(), grade.failed(), grade.checked())
        : "%s: %s does not hold".formatted(contract.entity(), grade.rule());
  }

  Optional<Standing> standing(String tenantId) {
    return Optional.ofNullable(standings.get(tenantId));
  }

  /** What is wrong for a tenant now, in words. */
  List<String> alerts(String tenantId) {
    var alerts = new ArrayList<String>();
    standing(tenantId).map(Standing::alerts).ifPresent(alerts::addAll);
    freshness
        .grade(tenantId, site.clock().instant())
        .filter(grade -> !grade.passed())
        .map(this::sentence)
        .filter(alert -> !alerts.contains(alert))
        .ifPresent(alerts::add);
    return alerts;
  }
}
