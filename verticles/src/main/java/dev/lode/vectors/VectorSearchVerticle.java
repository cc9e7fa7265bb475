package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Status;
import dev.lode.codecs.StatusParts;
import dev.lode.codecs.Vectors;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers searches in the indexes that its shard owns, several at once; a turn of the synchroniser
 * keeps none waiting. For the event loop: the work is done on worker threads.
 */
public final class VectorSearchVerticle extends VerticleBase {
  private final Bus bus;
  private final Shards shards;
  private final int shard;
  private final boolean simd;
  private final Searcher searcher;

  /**
   * @param simd whether scans use vector instructions: the dashboard says so
   */
  public VectorSearchVerticle(VectorParts parts, boolean simd, Shards shards, int shard) {
    this.bus = parts.bus();
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.simd = simd;
    this.searcher = new Searcher(parts);
  }

  @Override
  public Future<?> start() {
    return Future.all(
        bus.serveAsync(Vectors.SEARCH.owner(shard), this::search),
        new StatusParts("vectors", shard, shards.count()).serve(bus, this::status));
  }

  private Future<Vectors.Found> search(Vectors.Search search) {
    return vertx.executeBlocking(() -> searcher.search(search), false);
  }

  /** The indexes are shared by all shards of a process: the first tells of all. */
  private Future<Map<String, Object>> status(Status.Ask ask) {
    if (shard > 0) {
      return Future.succeededFuture(Map.of());
    }
    return vertx.executeBlocking(
        () -> {
          var namespaces = searcher.namespaces(ask.tenantId());
          var values = new LinkedHashMap<String, Object>();
          values.put("namespaces", namespaces);
          values.put("simd", simd);
          return values;
        },
        false);
  }
}
