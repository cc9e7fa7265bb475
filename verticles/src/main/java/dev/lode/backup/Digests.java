package dev.lode.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Files copied and read with their SHA-256 taken on the way. */
final class Digests {
  private static final int BUFFER = 1 << 20;
  private static final String DRAFT = ".part";

  private Digests() {}

  /**
   * Whole, forced to the disk, or absent; its folder is not forced.
   *
   * @param copied told of the bytes as they go
   * @return the SHA-256 of what was read
   */
  static String copy(Path from, Path to, LongConsumer copied) throws IOException {
    Files.createDirectories(to.getParent());
    Path draft = to.resolveSibling(to.getFileName() + DRAFT);
    String digest;
    try (var out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      digest =
          read(
              from,
              buffer -> {
                copied.accept(buffer.remaining());
                while (buffer.hasRemaining()) {
                  out.write(buffer);
                }
              });
      out.force(true);
    }
    Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return digest;
  }

  static String digest(Path file) throws IOException {
    return read(file, buffer -> {});
  }

  private interface Sink {
    void take(ByteBuffer buffer) throws IOException;
  }

  private static String read(Path file, Sink sink) throws IOException {
    MessageDigest digest = sha256();
    byte[] bytes = new byte[BUFFER];
    try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
      for (int read = in.read(bytes); read > 0; read = in.read(bytes)) {
        sink.take(ByteBuffer.wrap(bytes, 0, read));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Makes the names in a folder durable, or what is in a file. */
  static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
