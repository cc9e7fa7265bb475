package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Features;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Status;
import dev.lode.features.online.Reader;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Answers reads from memory, whichever instance is asked, and passes pushes on to the owner of
 * their view. Runs on the event loop: nothing here waits.
 */
public final class ServingVerticle extends VerticleBase {
  private final FeatureStore store;
  private final Shards shards;
  private final Reader reader;
  private final StatusReport status;

  public ServingVerticle(FeatureStore store, Shards shards) {
    this.store = requireNonNull(store, "store is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.reader =
        new Reader(
            store.catalog(),
            store.online(),
            store.states(),
            new Reader.Limits(store.limits().entitiesMax(), store.clock()));
    this.status = new StatusReport(store);
  }

  @Override
  public Future<?> start() {
    return Future.all(
        store.bus().serveAsync(Features.READ, reader::read),
        store.bus().serveAsync(Features.PUSH, this::push),
        store.bus().serveAsync(Features.REBUILD, this::rebuild),
        store
            .bus()
            .serveAsync(
                Status.of("features"),
                ask -> Future.succeededFuture(status.report(ask.tenantId()))));
  }

  private Future<Features.Synced> rebuild(Features.Rebuild rebuild) {
    String view = store.catalog().view(rebuild.view()).name();
    return store.bus().request(Features.REBUILD.owner(shards.owner(view)), rebuild);
  }

  private Future<Features.Pushed> push(Features.Push push) {
    String view = store.catalog().view(push.view()).name();
    return store.bus().request(Features.PUSH.owner(shards.owner(view)), push);
  }
}
