package dev.lode.tables;

/**
 * While it is open, no file is removed that any table can reach at its opening. Snapshots may be
 * forgotten, and files rewritten. Closing it again does nothing.
 */
public interface Hold extends AutoCloseable {
  @Override
  void close();
}
