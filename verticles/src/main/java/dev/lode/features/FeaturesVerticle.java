package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.features.offline.History;
import dev.lode.features.spec.View;
import dev.lode.tables.TableName;
import dev.lode.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Owns the views of its shard: the only writer of their offline tables and their online rows. A
 * worker: it loads its views before it is deployed, then follows their sources.
 */
public final class FeaturesVerticle extends VerticleBase {
  private final FeatureStore store;
  private final Shards shards;
  private final int shard;
  private final Pushes pushes;
  private final Map<String, Materializer> followed = new LinkedHashMap<>();
  private Turns<String> turns;
  private boolean flushing;

  public FeaturesVerticle(FeatureStore store, Shards shards, int shard) {
    this.store = requireNonNull(store, "store is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.pushes = new Pushes(store);
  }

  @Override
  public Future<?> start() {
    var loader = new Loader(store);
    for (View view : store.catalog().views()) {
      if (shards.owner(view.name()) == shard) {
        store.lake().ensure(History.spec(view));
        loader.load(view);
        followed.put(view.name(), new Materializer(store, view, Upstream.of(store.lake(), view)));
      }
    }
    turns = new Turns<>(vertx, this::follow);
    vertx.setPeriodic(
        0,
        store.limits().catchUp().millis(),
        timer -> followed.keySet().forEach(view -> turns.wake(view, true)));
    return Future.all(
        store.bus().listen(Silver.COMMITTED, fact -> committed(fact.table(), fact.more())),
        store.bus().listen(Gold.COMMITTED, fact -> committed(fact.table(), fact.more())),
        store.bus().serveAsync(Features.PUSH.owner(shard), this::push),
        store.bus().serve(Features.REBUILD.owner(shard), this::rebuild));
  }

  @Override
  public Future<?> stop() {
    return turns.stop();
  }

  private void committed(String table, boolean more) {
    TableName name = TableName.of(table);
    followed.entrySet().stream()
        .filter(view -> view.getValue().reads(name))
        .forEach(view -> turns.wake(view.getKey(), more));
  }

  private Turns.Left follow(String view) {
    return followed.get(view).catchUp() ? Turns.Left.PERHAPS : Turns.Left.NOTHING;
  }

  private Features.Synced rebuild(Features.Rebuild request) {
    return followed.get(request.view()).rebuild(request.tenantId());
  }

  private Future<Features.Pushed> push(Features.Push push) {
    Future<Features.Pushed> answer = pushes.add(push);
    if (!flushing) {
      flushing = true;
      context.runOnContext(
          gathered -> {
            flushing = false;
            pushes.flush();
          });
    }
    return answer;
  }
}
