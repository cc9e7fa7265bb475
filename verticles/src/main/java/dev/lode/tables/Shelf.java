package dev.lode.tables;

import static java.util.Objects.requireNonNull;

/**
 * A database in the engine's memory that outlives sessions: each reaches its tables by {@link
 * #name}. What is on it is gone when it is closed or the process ends, and spills to disk as all of
 * the engine's.
 */
public final class Shelf implements AutoCloseable {
  private final Engine engine;
  private final String name;

  Shelf(Engine engine, String name) {
    this.engine = requireNonNull(engine, "engine is null");
    this.name = requireNonNull(name, "name is null");
  }

  /** Goes before the names of its tables. */
  public String name() {
    return name;
  }

  /** No statement may be reading from it. */
  @Override
  public void close() {
    engine.close(this);
  }
}
