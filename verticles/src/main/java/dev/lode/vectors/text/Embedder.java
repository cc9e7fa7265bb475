package dev.lode.vectors.text;

import java.util.List;

/**
 * Turns texts into vectors of length one: an extension point. The same text gives the same vector,
 * always; only the {@link #id} tells vectors of different embedders apart. Thread-safe.
 */
public interface Embedder extends AutoCloseable {

  /** Lower-case letters and digits; changes whenever the vectors do. */
  String id();

  int dimension();

  /** What it reads of one text, its own markers included; more would be lost. */
  int tokensMax();

  /** The tokens of {@code text}, its own markers included. */
  int tokens(String text);

  /** One vector per text, in order. */
  List<Unit> embed(List<String> texts);

  @Override
  default void close() {}
}
