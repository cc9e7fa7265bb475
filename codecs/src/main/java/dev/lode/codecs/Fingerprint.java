package dev.lode.codecs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names the first records of a body and their order, with the header they came under; line ends and
 * the way the body was cut do not matter. Each record adds 112 bits of its SHA-256, times its
 * position: a sum that goes on from any record, and that the engine computes from the hashes that
 * Bronze keeps.
 */
public record Fingerprint(long first, long second) {
  /** Of no records, without a header. */
  public static final Fingerprint NONE = new Fingerprint(0, 0);

  /** Of the hash, for each of the sums: what a BIGINT holds. */
  public static final int LANE_BYTES = 7;

  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(Fingerprint::digest);

  /** Of no records yet; {@code header} null where there is none. */
  public static Fingerprint of(Bytes header) {
    return header == null ? NONE : NONE.plus(1, sha256(header.array()));
  }

  /** With the record at {@code position} added. */
  public Fingerprint plus(long position, byte[] sha256) {
    return plus(position * lane(sha256, 0), position * lane(sha256, LANE_BYTES));
  }

  /** With the sums of other records added, modulo 2^64. */
  public Fingerprint plus(long firstSum, long secondSum) {
    return new Fingerprint(first + firstSum, second + secondSum);
  }

  private static long lane(byte[] sha256, int from) {
    return ByteBuffer.wrap(sha256).getLong(from) >>> (8 * (Long.BYTES - LANE_BYTES));
  }

  public static byte[] sha256(byte[] bytes) {
    return SHA_256.get().digest(bytes);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
