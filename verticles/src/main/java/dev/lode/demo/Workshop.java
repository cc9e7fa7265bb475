package dev.lode.demo;

import static java.util.Objects.requireNonNull;

import dev.lode.cli.Launch;
import dev.lode.cli.Server;
import dev.lode.cli.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A Lode of its own in a scratch folder, with a copy of the demo's declarations to work on. */
final class Workshop implements AutoCloseable {
  private final Launch launch;
  private final Path scratch;
  private final Settings settings;
  private Server server;

  /** Copies {@code conf/demo}; {@code port} 0 for any free one. */
  Workshop(Launch launch, Path conf, int port) {
    this.launch = requireNonNull(launch, "launch is null");
    try {
      this.scratch = Files.createTempDirectory("lode-demo-");
      copy(conf.resolve("demo"), scratch.resolve("conf"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a scratch folder", e);
    }
    this.settings =
        new Settings(
            scratch.resolve("data"),
            conf.resolve("lode.yaml"),
            scratch.resolve("conf"),
            OptionalInt.of(port));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** Its port. */
  int start() {
    server = launch.start(settings);
    return server.port();
  }

  /** Stops it and starts it again at the same port, over the same data. */
  int restart() {
    var again = OptionalInt.of(server.port());
    server.close();
    server =
        launch.start(
            new Settings(settings.data(), settings.config(), settings.declarations(), again));
    return server.port();
  }

  Path scratch() {
    return scratch;
  }

  /** Puts {@code line} after the first line that ends so, below the one that begins a column. */
  void mend(String contract, String column, String line) {
    Path file = settings.declarations().resolve("contracts").resolve(contract);
    try {
      String text = Files.readString(file);
      int begin = text.indexOf("- name: " + column + "\n");
      int end = text.indexOf('\n', text.indexOf("physicalType:", begin));
      Files.writeString(
          file, text.substring(0, end + 1) + "        " + line + "\n" + text.substring(end + 1));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot mend " + file, e);
    }
  }

  /** Stops the server and leaves nothing behind; once is enough. */
  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
    if (!Files.exists(scratch)) {
      return;
    }
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + scratch, e);
    }
  }
}
