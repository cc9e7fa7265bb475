package dev.lode.tables;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.iceberg.io.PositionOutputStream;

/** A file in the making; it takes its name at close, when all of it is on the disk. */
final class Durable extends PositionOutputStream {
  private static final int BUFFER = 64 << 10;

  private final Path target;
  private final Path draft;
  private final boolean fsync;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long position;
  private boolean closed;

  Durable(Path target, boolean fsync) throws IOException {
    this.target = target;
    this.fsync = fsync;
    makeFolder(target.getParent(), fsync);
    this.draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    this.channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Makes the folder and, where it was missing, its entry in the folder above durable. */
  static void makeFolder(Path folder, boolean fsync) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    makeFolder(folder.getParent(), fsync);
    Files.createDirectories(folder);
    sync(folder.getParent(), fsync);
  }

  /** A folder can be opened for reading and forced on every system that has this need. */
  static void sync(Path path, boolean fsync) throws IOException {
    if (!fsync) {
      return;
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int value) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.put((byte) value);
    position++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    position += length;
    if (length <= buffer.remaining()) {
      buffer.put(bytes, offset, length);
      return;
    }
    flush();
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    write(buffer.flip());
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      flush();
      if (fsync) {
        channel.force(true);
      }
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    sync(target.getParent(), fsync);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
