package dev.lode.silver;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * The secret behind hashes and tokens, as the two key blocks of HMAC-SHA256. Whoever has it can
 * test guesses against masked values; whoever loses it gets other tokens for the same values.
 */
public final class HmacKey {
  private static final String GENERATED = "generated";
  private static final String FROM_ENVIRONMENT = "env:";
  private static final String FILE = "secrets/hmac.key";
  private static final byte[] FINGERPRINT = "lode fingerprint".getBytes(StandardCharsets.UTF_8);
  private static final int FINGERPRINT_BYTES = 16;
  private static final int BYTES = 32;
  private static final int BYTES_MIN = 16;
  private static final int BLOCK = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final byte[] inner;
  private final byte[] outer;
  private final boolean salted;

  private HmacKey(byte[] key) {
    byte[] block = Arrays.copyOf(key.length > BLOCK ? sha256(key) : key, BLOCK);
    this.inner = xor(block, INNER);
    this.outer = xor(block, OUTER);
    this.salted = true;
  }

  private HmacKey(HmacKey key, boolean salted) {
    this.inner = key.inner;
    this.outer = key.outer;
    this.salted = salted;
  }

  /** The same, whose tokens are of all tenants alike: as they were before tenants were salt. */
  HmacKey salted(boolean byTenant) {
    return new HmacKey(this, byTenant);
  }

  /** Whether a key that is kept in {@code data} is there no more. */
  static boolean isLost(String setting, Path data) {
    return setting.equals(GENERATED) && !Files.exists(data.resolve(FILE));
  }

  /** Tells this key from others, and nothing else of it. */
  String fingerprint() {
    byte[] hash = sha256(joined(outer, sha256(joined(inner, FINGERPRINT))));
    return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /**
   * @param setting {@code silver.hmac-key}: {@code generated} or {@code env:NAME}
   * @param data where a generated one is kept, in {@code secrets/hmac.key}, for the owner's eyes
   */
  public static HmacKey load(String setting, Path data) {
    return load(setting, data, System::getenv);
  }

  static HmacKey load(String setting, Path data, UnaryOperator<String> environment) {
    if (setting.equals(GENERATED)) {
      return new HmacKey(generated(data.resolve(FILE)));
    }
    if (!setting.startsWith(FROM_ENVIRONMENT)) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Invalid silver.hmac-key (must be generated or env:NAME; a secret is not for files)");
    }
    String name = setting.substring(FROM_ENVIRONMENT.length());
    String value = environment.apply(name);
    if (value == null || value.getBytes(StandardCharsets.UTF_8).length < BYTES_MIN) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot read silver.hmac-key: %s is not set to at least %d bytes"
              .formatted(name, BYTES_MIN));
    }
    return new HmacKey(value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] generated(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      byte[] key = Files.readAllBytes(file);
      if (key.length != BYTES) {
        throw new Failure(
            ErrorCode.INVALID_CONFIG,
            "Cannot read %s: it has %d bytes (must be %d)".formatted(file, key.length, BYTES));
      }
      return key;
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + file + ": " + e);
    }
  }

  /** Whole and durable before it has its name: masked values are of no use without it. */
  private static void create(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    var readable =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path draft = Files.createTempFile(file.getParent(), "hmac", ".new", readable);
    Files.write(draft, key);
    try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try {
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException another) {
      // Another instance made one first; that one counts.
    } finally {
      Files.delete(draft);
    }
    try (var folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /**
   * The key blocks, and whether the tenant is salt, as a row for the relation that the SQL reads.
   */
  Object[] row() {
    return new Object[] {inner, outer, salted};
  }

  private static byte[] xor(byte[] block, byte with) {
    byte[] result = new byte[block.length];
    for (int i = 0; i < block.length; i++) {
      result[i] = (byte) (block[i] ^ with);
    }
    return result;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
