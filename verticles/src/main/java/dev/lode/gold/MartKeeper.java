package dev.lode.gold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private Map<String, TestLedger.Blocked> blocked;

  MartKeeper(Lake lake, MartBuilder builder, TestLedger ledger, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.builder = requireNonNull(builder, "builder is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.clock = requireNonNull(clock, "clock is null");
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
      if (!heads.ready() || plan instanceof Plan.Nothing || !due(mart, heads)) {
        return Optional.empty();
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

  /** What a test looks at may move where no input does. */
  private static Plan plan(Mart mart, Heads heads, TestLedger.Blocked known) {
    Plan plan = heads.plan(mart);
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
