package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Query;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Makes training sets. A worker of its own, so that a large one delays neither reads nor writes. A
 * SELECT for the rows is judged by the owner of queries, as any agent's would be.
 */
public final class TrainingVerticle extends VerticleBase {
  /** A training set reads what any reader may read. */
  private static final String ROLE = "reader";

  private final FeatureStore store;
  private final Training training;

  public TrainingVerticle(FeatureStore store) {
    this.store = requireNonNull(store, "store is null");
    this.training = new Training(store);
  }

  @Override
  public Future<?> start() {
    return store.bus().serveAsync(Features.TRAIN, this::train);
  }

  private Future<Features.Dataset> train(Features.Train train) {
    if (train.entitySql() == null) {
      return Future.succeededFuture(training.dataset(train));
    }
    if (!train.entityRows().isEmpty()) {
      throw Failure.invalid("Cannot train: give entity_rows or entity_sql, not both");
    }
    return store
        .bus()
        .request(Query.RUN, new Query.Run(train.tenantId(), ROLE, train.entitySql(), 0))
        .map(allowed -> training.dataset(train));
  }
}
