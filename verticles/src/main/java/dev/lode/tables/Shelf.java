package dev.lode.tables;

/**
 * A database in the engine's memory that outlives sessions: each reaches its tables by {@link
 * #name}. What is on it is gone when the process ends, and spills to disk as all of the engine's.
 */
public final class Shelf {
  private final String name;

  Shelf(String name) {
    this.name = name;
  }

  /** Goes before the names of its tables. */
  public String name() {
    return name;
  }
}
