package dev.lode.tables;

/** Keeps files from being removed, until it is closed; closing twice is closing once. */
public interface Hold extends AutoCloseable {
  @Override
  void close();
}
