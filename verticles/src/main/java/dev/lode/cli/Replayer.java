package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Makes a second lake out of the Bronze of one that may be running; given by Main. */
public interface Replayer {

  /**
   * A sentence that says why it cannot is thrown.
   *
   * @param progress hears how far it is
   */
  Replayed replay(Order order, Consumer<String> progress);

  /**
   * @param settings whose data directory has the Bronze, and whose declarations say what is made
   * @param beside the data directory to make
   * @param until only records that were taken in by then; null for all
   */
  record Order(Settings settings, Path beside, Instant until) {
    public Order {
      requireNonNull(settings, "settings is null");
      requireNonNull(beside, "beside is null");
    }
  }

  /**
   * @param running rows of the lake that the Bronze is of, when it was taken; null where it has no
   *     such table
   * @param beside rows of what was made; null likewise
   */
  record Table(String layer, String name, Long running, Long beside) {}

  /**
   * @param failures a sentence for each that could not be made
   */
  record Replayed(List<Table> tables, List<String> failures) {
    public Replayed {
      tables = List.copyOf(tables);
      failures = List.copyOf(failures);
    }
  }
}
