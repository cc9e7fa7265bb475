package dev.lode.cli;

/** A running Lode, ready to answer on 127.0.0.1 at {@link #port()}. */
public interface Server extends AutoCloseable {
  int port();

  /** Stops everything; what was acknowledged is durable already. */
  @Override
  void close();
}
