package dev.lode.vectors.search;

import java.util.Optional;
import java.util.function.Function;

/** All indexes of one process, opened on demand and closed when others need the room. */
public interface VectorIndexes extends AutoCloseable {

  /** Works on an index that exists; empty where it does not. */
  <T> Optional<T> read(Partition partition, Function<VectorIndex, T> work);

  /** Works on an index, made where it is missing; one writer at a time. */
  <T> T write(Partition partition, Function<VectorIndex, T> work);

  /** Commits whatever is open and published since. */
  void commit();

  @Override
  void close();
}
