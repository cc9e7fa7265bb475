package dev.lode.codecs;

import static java.util.Objects.requireNonNull;

/**
 * Where one kind of fact is announced, to any number of listeners. A fact wakes; the table is the
 * truth.
 */
public record Topic<E extends Message>(String name, Class<E> fact) {

  public Topic {
    requireNonNull(name, "name is null");
    requireNonNull(fact, "fact is null");
  }
}
