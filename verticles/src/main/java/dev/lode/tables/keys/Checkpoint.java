package dev.lode.tables.keys;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * An index as it was at a snapshot, in a file that ends in its checksum.
 *
 * @param shape of what table and columns it is; an index of another shape is no use
 * @param seed of the hashes
 */
public record Checkpoint(
    String shape, String seed, long snapshot, FileNumbers files, KeyTable rows) {
  private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
  private static final long MAGIC = 0x4C4F44454B455901L;
  private static final int CHECKSUM = Long.BYTES;
  private static final int BUFFER = 1 << 16;

  public void write(OutputStream target) throws IOException {
    var sum = new CRC32C();
    var out = new DataOutputStream(new CheckedOutputStream(target, sum));
    out.writeLong(MAGIC);
    out.writeUTF(shape);
    out.writeUTF(seed);
    out.writeLong(snapshot);
    files.write(out);
    rows.write(out);
    out.writeLong(sum.getValue());
    out.flush();
  }

  /** Empty where the file is damaged, or of another shape: it is worth no more than none. */
  public static Optional<Checkpoint> read(Path file, String shape, IndexMemory memory) {
    try {
      if (!isWhole(file)) {
        LOG.log(System.Logger.Level.WARNING, "Made a key index again: {0} is damaged", file);
        return Optional.empty();
      }
      try (var in = new DataInputStream(open(file))) {
        if (in.readLong() != MAGIC || !in.readUTF().equals(shape)) {
          return Optional.empty();
        }
        return Optional.of(
            new Checkpoint(
                shape,
                in.readUTF(),
                in.readLong(),
                FileNumbers.read(in),
                KeyTable.read(memory, in)));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Made a key index again: cannot read " + file, e);
      return Optional.empty();
    }
  }

  private static boolean isWhole(Path file) throws IOException {
    long left = Files.size(file) - CHECKSUM;
    var sum = new CRC32C();
    try (var in = new DataInputStream(new CheckedInputStream(open(file), sum))) {
      byte[] chunk = new byte[BUFFER];
      while (left > 0) {
        int length = (int) Math.min(left, BUFFER);
        in.readFully(chunk, 0, length);
        left -= length;
      }
      return left == 0 && sum.getValue() == in.readLong();
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER);
  }
}
