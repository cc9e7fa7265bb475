package dev.lode;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The real shop's days, one CSV each; a test that asks for them is skipped where they are not. */
public final class RetailDays {

  private RetailDays() {}

  /** The first {@code days} of them, in order of time. */
  public static List<Path> first(int days) {
    Path folder = shared().resolve("online-retail");
    assumeThat(Files.isDirectory(folder))
        .as("the retail data is not at ../shared/data or $LODE_SHARED_DATA")
        .isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().limit(days).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private static Path shared() {
    String told = System.getenv("LODE_SHARED_DATA");
    if (told != null) {
      return Path.of(told);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("../shared/data").normalize();
      if (Files.isDirectory(found)) {
        return found;
      }
    }
    return Path.of("../shared/data");
  }
}
