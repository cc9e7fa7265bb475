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
  private final Disk disk;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long position;
  private boolean closed;

  Durable(Path target, Disk disk) throws IOException {
    this.target = target;
    this.disk = disk;
    makeFolder(target.getParent(), disk);
    this.draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    this.channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Makes the folder and, where it was missing, its entry in the folder above durable. */
  static void makeFolder(Path folder, Disk disk) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    makeFolder(folder.getParent(), disk);
    Files.createDirectories(folder);
    disk.sync(folder.getParent());
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
      disk.sync(channel);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    disk.sync(target.getParent());
  }

  private void write(ByteBuffer bytes) throws IOException {
    disk.write(channel, bytes);
  }
}
