package dev.lode.tables.keys;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of one index, outside the heap; past its limit, in mapped files without a name. */
public final class IndexMemory {
  private final long bytesMax;
  private final Path folder;
  private long bytes;

  /**
   * @param folder where the files are made; exists
   */
  public IndexMemory(long bytesMax, Path folder) {
    this.bytesMax = bytesMax;
    this.folder = folder;
  }

  /** Zeroes, until they are freed. */
  record Block(MemorySegment segment, Arena arena, boolean inMemory) {}

  Block allocate(long size) {
    Arena arena = Arena.ofShared();
    if (bytes + size > bytesMax) {
      return new Block(mapped(size, arena), arena, false);
    }
    bytes += size;
    return new Block(arena.allocate(size), arena, true);
  }

  void free(Block block) {
    if (block.inMemory) {
      bytes -= block.segment.byteSize();
    }
    block.arena.close();
  }

  /** In memory, without what lies in files. */
  public long bytes() {
    return bytes;
  }

  private MemorySegment mapped(long size, Arena arena) {
    try {
      Path file = Files.createTempFile(folder, "index", ".spill");
      try (var channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE)) {
        return channel.map(MapMode.READ_WRITE, 0, size, arena);
      }
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("Cannot spill a key index to " + folder, e);
    }
  }
}
