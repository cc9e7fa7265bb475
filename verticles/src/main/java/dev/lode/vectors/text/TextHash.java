package dev.lode.vectors.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a text as one embedder sees it: 128 bits of SHA-256 over the embedder's id and the text.
 */
public final class TextHash {
  private static final int BYTES = 16;

  private TextHash() {}

  public static String of(Embedder embedder, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((embedder.id() + "\n").getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)), 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
