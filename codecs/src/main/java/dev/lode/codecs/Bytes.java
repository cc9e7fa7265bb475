package dev.lode.codecs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes with value equality. Wraps without copying, because record payloads are the hot path:
 * whoever makes one gives the array away.
 */
public final class Bytes {
  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = requireNonNull(array, "array is null");
  }

  /** Takes ownership of {@code array}: do not write to it afterwards. */
  @JsonCreator
  public static Bytes of(byte[] array) {
    return new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy: read only. */
  @JsonValue
  public byte[] array() {
    return array;
  }

  public int length() {
    return array.length;
  }

  public String utf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return "Bytes[" + array.length + "]";
  }
}
