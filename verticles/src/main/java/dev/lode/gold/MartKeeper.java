package dev.lode.gold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Decides when a mart is built, and remembers which state of its inputs it cannot be built from, so
 * that each is tried and logged once. Not thread-safe: one verticle's own.
 */
final class MartKeeper {
  /** Stands for every tenant where a mart cannot be computed for any. */
  static final String ALL_TENANTS = "_system";

  private static final Logger LOG = LoggerFactory.getLogger(MartKeeper.class);

  private final Lake lake;
  private final MartBuilder builder;
  private final TestLedger ledger;
  private final Clock clock;
  private final LodeConfig.Gold config;
  private final MartAudit audit;

  /** When each mart was audited last, or seen first. */
  private final Map<String, Instant> audited = new HashMap<>();

  private Map<String, TestLedger.Blocked> blocked;

  MartKeeper(Lake lake, LodeConfig.Gold config, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.builder = new MartBuilder(lake, config);
    this.ledger = new TestLedger(lake, clock);
    this.audit = new MartAudit(lake, config, new SplittableRandom());
  }

  /**
   * @param snapshot what the mart now shows; null where nothing was published
   * @param tenants whose keys were built, and how many
   * @param failed why rows of some tenants, or of all, stay as they were
   */
  record Kept(Snapshot snapshot, Map<String, Long> tenants, List<MartBuilder.Failed> failed) {
    /** Null for none. */
    String reason() {
      return failed.isEmpty() ? null : MartKeeper.reason(failed);
    }

    /** Whether rows of {@code tenantId} stay as they were. */
    boolean holds(String tenantId) {
      return failed.stream()
          .anyMatch(
              test -> test.tenantId().equals(tenantId) || test.tenantId().equals(ALL_TENANTS));
    }

    /** As far as {@code tenantId} may know; null for none. */
    String reason(String tenantId) {
      var own =
          failed.stream()
              .filter(
                  test -> test.tenantId().equals(tenantId) || test.tenantId().equals(ALL_TENANTS))
              .toList();
      return failed.isEmpty()
          ? null
          : own.isEmpty() ? "rows of another tenant cannot be published" : MartKeeper.reason(own);
    }
  }

  /** Builds {@code mart} if its inputs moved; empty where nothing was published. */
  Optional<Kept> keep(Mart mart) {
    try {
      Heads heads = Heads.of(mart, lake);
      var known = blocked().get(mart.name());
      Plan plan = plan(mart, heads, known);
      if (!heads.ready() || !due(mart, heads)) {
        return Optional.empty();
      }
      if (plan instanceof Plan.Nothing) {
        return audit(mart, heads);
      }
      if (known != null && known.state().equals(heads.state(mart))) {
        return Optional.empty();
      }
      return Optional.of(build(mart, heads, plan)).filter(kept -> kept.snapshot() != null);
    } catch (RuntimeException e) {
      LOG.warn("Cannot build " + mart.table() + ", will try again: " + e.getMessage(), e);
      return Optional.empty();
    }
  }

  /** Builds a mart whole that is not what building it whole gives. */
  private Optional<Kept> audit(Mart mart, Heads heads) {
    Instant now = clock.instant();
    Instant last = audited.putIfAbsent(mart.name(), now);
    boolean isDue = last != null && !last.plus(config.auditInterval().duration()).isAfter(now);
    if (!mart.incremental() || !isDue) {
      return Optional.empty();
    }
    audited.put(mart.name(), now);
    var differences = audit.differences(mart, heads);
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    LOG.error(
        "ALERT: %s is not what all rows give, and is built whole: %s"
            .formatted(mart.table(), reason(differences)));
    var found = new TestLedger.Blocked(differences, heads.state(mart));
    ledger.record(mart.name(), blocked().put(mart.name(), found), found);
    return Optional.of(build(mart, heads, new Plan.Whole("an audit found that it differs")))
        .filter(kept -> kept.snapshot() != null);
  }

  /** What a test looks at, and the time, may move where no input does. */
  private Plan plan(Mart mart, Heads heads, TestLedger.Blocked known) {
    Plan plan = heads.plan(mart);
    if (plan instanceof Plan.Nothing && !mart.nature().isSteady() && isOld(mart, heads)) {
      return new Plan.Whole("its SELECT gives something else each time");
    }
    boolean isHeld = !heads.held().isEmpty() && known != null;
    return plan instanceof Plan.Nothing && isHeld && !known.state().equals(heads.state(mart))
        ? new Plan.Whole("tenants that failed are tried again")
        : plan;
  }

  /** Builds {@code mart} whole, whether or not its inputs moved. */
  Kept rebuild(Mart mart) {
    Heads heads = Heads.of(mart, lake);
    if (!heads.ready()) {
      throw new Failure(
          ErrorCode.NOT_FOUND,
          "Cannot rebuild %s: nothing is there yet of %s"
              .formatted(
                  mart.table(), heads.missing().isEmpty() ? mart.inputs() : heads.missing()));
    }
    return build(mart, heads, new Plan.Whole("asked for"));
  }

  private boolean isOld(Mart mart, Heads heads) {
    var every = mart.every().isZero() ? config.refreshInterval().duration() : mart.every();
    return !heads.own().committedAt().plus(every).isAfter(clock.instant());
  }

  private boolean due(Mart mart, Heads heads) {
    return heads.own() == null
        || mart.every().isZero()
        || !heads.own().committedAt().plus(mart.every()).isAfter(clock.instant());
  }

  private Kept build(Mart mart, Heads heads, Plan plan) {
    MartBuilder.Built built = attempt(mart, heads, plan);
    String name = mart.name();
    if (built.failed().isEmpty()) {
      ledger.record(name, blocked().remove(name), null);
      return new Kept(built.snapshot(), built.tenants(), List.of());
    }
    var now = new TestLedger.Blocked(built.failed(), heads.state(mart));
    ledger.record(name, blocked().put(name, now), now);
    LOG.warn(
        "Cannot publish %s, the old rows %sstay: %s"
            .formatted(
                mart.table(),
                built.snapshot() == null ? "" : "of %s ".formatted(tenants(built.failed())),
                reason(built.failed())));
    return new Kept(built.snapshot(), built.tenants(), built.failed());
  }

  private static List<String> tenants(List<MartBuilder.Failed> failed) {
    return failed.stream().map(MartBuilder.Failed::tenantId).distinct().toList();
  }

  /** A mart that cannot be computed is blocked like one whose test fails. */
  private MartBuilder.Built attempt(Mart mart, Heads heads, Plan plan) {
    try {
      return builder.build(mart, heads, plan);
    } catch (Failure e) {
      if (e.code().kind() != ErrorCode.Kind.CALLER) {
        throw e;
      }
      return MartBuilder.Built.blocked(
          List.of(new MartBuilder.Failed(ALL_TENANTS, "build", 0, e.getMessage())));
    }
  }

  private static String reason(List<MartBuilder.Failed> failed) {
    return failed.stream()
        .map(
            test ->
                test.test().equals("build")
                    ? test.sample()
                    : "%s fails for %d rows of tenant %s (%s)"
                        .formatted(test.test(), test.rows(), test.tenantId(), test.sample()))
        .collect(Collectors.joining("; "));
  }

  private Map<String, TestLedger.Blocked> blocked() {
    if (blocked == null) {
      blocked = new HashMap<>(ledger.blocked(null));
    }
    return blocked;
  }
}
