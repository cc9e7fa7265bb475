package dev.lode.catalog;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Catalog;
import dev.lode.tables.Lake;
import dev.lode.tables.RestCatalog;
import dev.lode.tables.TableName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.stream.Collectors;

/** Answers one request of another engine at a time. */
public final class CatalogVerticle extends VerticleBase {
  private final Bus bus;
  private final RestCatalog catalog;

  /**
   * @param withoutDeletes tables whose readers may know no deletion vectors: {@code silver.sale}
   */
  public CatalogVerticle(Bus bus, Lake lake, List<String> withoutDeletes) {
    this.bus = requireNonNull(bus, "bus is null");
    this.catalog =
        lake.rest(withoutDeletes.stream().map(TableName::of).collect(Collectors.toSet()));
  }

  @Override
  public Future<?> start() {
    return bus.serve(Catalog.CALL, catalog::answer);
  }
}
