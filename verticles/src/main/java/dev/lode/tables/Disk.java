package dev.lode.tables;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The way of bytes to the disk; it may be full, or fail to keep them. */
class Disk {
  private final boolean fsync;

  /**
   * @param fsync false only for what may be lost in a power cut
   */
  Disk(boolean fsync) {
    this.fsync = fsync;
  }

  void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What fails here is not written, and never tried again: the system may have dropped it. */
  void sync(FileChannel channel) throws IOException {
    if (fsync) {
      channel.force(true);
    }
  }

  /** A folder can be opened for reading and forced on every system that has this need. */
  final void sync(Path path) throws IOException {
    if (fsync) {
      try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
        sync(channel);
      }
    }
  }
}
