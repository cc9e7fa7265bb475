package dev.lode.lineage;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Lineage;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import io.vertx.ext.web.client.WebClient;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Records the commits of the tables that its shard owns, and answers traces. A worker. */
public final class LineageVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(LineageVerticle.class);

  /** Without a nudge, the tables are looked at once in so many flushes. */
  private static final int IDLE_FLUSHES = 5;

  private final Parts parts;
  private final int shard;
  private final RunLedger ledger;
  private final Tracer tracer;
  private RunPoster poster;
  private boolean nudged = true;
  private int idle;

  public record Parts(
      Bus bus, Lake lake, List<Link> links, LodeConfig.Lineage config, Clock clock) {
    public Parts {
      requireNonNull(bus, "bus is null");
      links = List.copyOf(links);
    }
  }

  public LineageVerticle(Parts parts, Shards shards, int shard) {
    this.parts = parts;
    this.shard = shard;
    this.ledger = new RunLedger(parts.lake(), table -> shards.owner(table.toString()) == shard);
    this.tracer = new Tracer(parts.lake(), parts.links(), parts.config().nodesMax());
  }

  @Override
  public Future<?> start() {
    String url = parts.config().openlineageUrl();
    if (shard == 0 && !url.equals("none")) {
      poster = new RunPoster(WebClient.create(vertx), url, ledger, parts.clock());
    }
    vertx.setPeriodic(parts.config().flushTime().millis(), timer -> flush());
    Bus bus = parts.bus();
    return Future.all(
        List.of(
            bus.listen(Bronze.COMMITTED, fact -> nudged = true),
            bus.listen(Silver.COMMITTED, fact -> nudged = true),
            bus.listen(Gold.COMMITTED, fact -> nudged = true),
            bus.listen(Features.SYNCED, fact -> nudged = true),
            bus.serve(Lineage.TRACE, tracer::trace),
            shard == 0 ? bus.serve(Status.of("lineage"), this::report) : Future.succeededFuture()));
  }

  private void flush() {
    if (!nudged && ++idle < IDLE_FLUSHES) {
      return;
    }
    idle = 0;
    try {
      nudged = ledger.record(poster == null ? null : poster.posted()) == RunLedger.BATCH_COMMITS;
      if (poster != null) {
        poster.post();
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot record runs, will try again: " + e.getMessage(), e);
    }
  }

  private Status.Report report(Status.Ask ask) {
    long behind = ledger.behind();
    var task = Map.of("name", "openlineage", "state", state(), "lag_ms", 0L);
    return new Status.Report(
        ask.tenantId(),
        "lineage",
        true,
        Map.of("runs", ledger.runs(), "runs_behind", behind, "tasks", List.of(task)));
  }

  private String state() {
    return poster == null ? "off" : poster.failing() ? "failing" : "current";
  }
}
