package dev.lode.catalog;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Catalog;
import dev.lode.tables.Lake;
import dev.lode.tables.RestCatalog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Answers one request of another engine at a time. */
public final class CatalogVerticle extends VerticleBase {
  private final Bus bus;
  private final RestCatalog catalog;

  public CatalogVerticle(Bus bus, Lake lake) {
    this.bus = requireNonNull(bus, "bus is null");
    this.catalog = lake.rest();
  }

  @Override
  public Future<?> start() {
    return bus.serve(Catalog.CALL, catalog::answer);
  }
}
