package dev.lode.tables;

/**
 * While it is open, no file is removed that any table can reach at its opening. Snapshots may be
 * forgotten, and files rewritten; and the metadata file itself, of which Iceberg keeps the last 20,
 * is gone after as many commits: read that first. Closing it again does nothing.
 */
public interface Hold extends AutoCloseable {
  @Override
  void close();
}
