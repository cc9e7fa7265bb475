package dev.lode.vectors.text;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** The embedders by name, each loaded when first asked for. Thread-safe. */
public final class Embedders implements AutoCloseable {
  private static final Map<String, Integer> TOKENS_MAX = Map.of(MiniLm.ID, MiniLm.TOKENS_MAX);

  private final Path natives;
  private final int threads;
  private final int textsRemembered;
  private Embedder miniLm;

  /**
   * @param natives a folder for native libraries
   * @param textsRemembered per embedder
   */
  public Embedders(Path natives, int threads, int textsRemembered) {
    this.natives = requireNonNull(natives, "natives is null");
    this.threads = threads;
    this.textsRemembered = textsRemembered;
  }

  /** What an embedder reads of one text; empty where there is no such embedder. */
  public static OptionalInt tokensMax(String name) {
    Integer most = TOKENS_MAX.get(name);
    return most == null ? OptionalInt.empty() : OptionalInt.of(most);
  }

  /** Says that there is no such embedder. */
  public static String unknown(String name) {
    return "unknown embedder "
        + name
        + Nearest.to(name, TOKENS_MAX.keySet())
            .map(near -> " (did you mean " + near + "?)")
            .orElse(" (known: " + String.join(", ", TOKENS_MAX.keySet()) + ")");
  }

  public synchronized Embedder named(String name) {
    if (!name.equals(MiniLm.ID)) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot embed: " + unknown(name));
    }
    if (miniLm == null) {
      miniLm = new RememberingEmbedder(MiniLm.load(threads, natives), textsRemembered);
    }
    return miniLm;
  }

  @Override
  public synchronized void close() {
    if (miniLm != null) {
      miniLm.close();
    }
  }
}
