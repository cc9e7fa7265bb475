package dev.lode.config;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that end in {@code .yaml} or {@code .yml}: both are read, wherever one is. */
public final class YamlFiles {
  private static final Pattern ENDING = Pattern.compile("\\.ya?ml$", Pattern.CASE_INSENSITIVE);

  private YamlFiles() {}

  /** Those of a folder, in order; none where there is no folder. */
  public static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(YamlFiles::is).sorted().toList();
    }
  }

  public static boolean is(Path file) {
    return ENDING.matcher(file.getFileName().toString()).find();
  }

  /** The name without its ending. */
  public static String stem(Path file) {
    return ENDING.matcher(file.getFileName().toString()).replaceFirst("");
  }

  /** The same name with the other ending, where there is such a file. */
  public static Optional<Path> twin(Path file) {
    String ending = file.toString().toLowerCase(Locale.ROOT).endsWith(".yml") ? ".yaml" : ".yml";
    return Optional.of(file.resolveSibling(stem(file) + ending)).filter(Files::isRegularFile);
  }

  /** {@code file}, or its twin where that alone is there; both at once are refused. */
  public static Path either(Path file) {
    Optional<Path> twin = twin(file);
    if (twin.isPresent() && Files.isRegularFile(file)) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot tell which to read: %s or %s (keep one)"
              .formatted(file, twin.get().getFileName()));
    }
    return twin.orElse(file);
  }
}
