package dev.lode.silver;

import dev.lode.silver.contract.OnFail;
import dev.lode.silver.contract.Rule;
import dev.lode.silver.contract.Sla;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * A rule's result for one tenant in one run: a row of {@code system.quality_results}.
 *
 * @param severity what becomes of records that fail; null for the run as a whole
 * @param passed whether the contract's threshold holds
 */
record Grade(
    String rule,
    String severity,
    String dimension,
    long checked,
    long failed,
    double score,
    boolean passed) {
  static final String WHOLE_RUN = "*";

  /** The run's quality score. */
  static Grade ofRun(Tally tally, double alertBelow) {
    return new Grade(
        WHOLE_RUN,
        null,
        null,
        tally.checked(),
        tally.rejected(),
        tally.score(),
        tally.score() >= alertBelow);
  }

  static Grade of(Rule rule, Tally tally) {
    long failed = tally.failed().getOrDefault(rule.id(), 0L);
    return new Grade(
        rule.id(),
        rule.onFail().word(),
        rule.dimension(),
        tally.checked(),
        failed,
        Tally.share(tally.checked(), failed),
        rule.threshold().passes(failed, tally.checked()));
  }

  /** A name that no column takes: told, and no fault of the records. */
  static Grade ofUnknown(String name, long failed, Tally tally) {
    return new Grade(
        name,
        OnFail.WARN.word(),
        "conformity",
        tally.checked(),
        failed,
        Tally.share(tally.checked(), failed),
        true);
  }

  /** {@code value} is the number that the rule asked for; it fails all or nothing. */
  static Grade ofWhole(Rule.Whole rule, Tally tally, BigDecimal value) {
    boolean passed = rule.threshold().holds(value);
    long failed = passed ? 0 : tally.checked();
    return new Grade(
        rule.id(),
        rule.onFail().word(),
        rule.dimension(),
        tally.checked(),
        failed,
        passed ? 1 : 0,
        passed);
  }

  /** One that could not be asked, because of a value: it does not hold. */
  static Grade unasked(Rule.Whole rule, Tally tally) {
    return new Grade(
        rule.id(),
        rule.onFail().word(),
        rule.dimension(),
        tally.checked(),
        tally.checked(),
        0,
        false);
  }

  static Grade of(Sla sla, Duration measured) {
    boolean passed = measured.compareTo(sla.limit()) <= 0;
    return new Grade(sla.id(), "alert", "timeliness", 1, passed ? 0 : 1, passed ? 1 : 0, passed);
  }
}
