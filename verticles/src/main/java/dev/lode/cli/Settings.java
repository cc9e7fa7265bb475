package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What a server is started with.
 *
 * @param data where everything it keeps lives
 * @param config the file {@code lode.yaml}
 * @param declarations the folder that holds contracts/, marts/, vectors/ and features/
 * @param port instead of the configured one; 0 for any free one
 */
public record Settings(Path data, Path config, Path declarations, OptionalInt port) {
  public Settings {
    requireNonNull(data, "data is null");
    requireNonNull(config, "config is null");
    requireNonNull(declarations, "declarations is null");
    requireNonNull(port, "port is null");
  }
}
