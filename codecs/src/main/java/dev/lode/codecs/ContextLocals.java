package dev.lode.codecs;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** Loads {@link CallContext} before a Vertx is made: context locals must be registered by then. */
public final class ContextLocals implements VertxServiceProvider {

  @Override
  public void init(VertxBootstrap builder) {
    java.util.Objects.requireNonNull(CallContext.LOCAL);
  }
}
