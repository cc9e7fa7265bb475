package dev.lode.load;

import static java.util.Map.entry;

import dev.lode.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A Lode that is to be killed. It is told by a line of its input which phase to wait for, and how
 * many milliseconds at most; then it writes down what it is at, which asks to be killed.
 */
public final class Victim {
  /** Lode's class that is at work on some thread, and what that is called in the report. */
  private static final Map<String, String> PHASES =
      Map.ofEntries(
          entry("dev.lode.bronze.TableWriter", "bronze"),
          entry("dev.lode.silver.Refinery", "silver"),
          entry("dev.lode.tables.Upserts", "upsert"),
          entry("dev.lode.gold.MartBuilder", "gold"),
          entry("dev.lode.vectors.Synchroniser", "vectors"),
          entry("dev.lode.features.Materializer", "features"),
          entry("dev.lode.tables.Rewrite", "compaction"),
          entry("dev.lode.maintenance.Tender", "maintenance"),
          entry("dev.lode.tables.NamedFiles", "removal"),
          entry("dev.lode.tables.Commits", "commit"),
          entry("dev.lode.backup.BackupJob", "backup"),
          entry("dev.lode.LodeServer", "start"));

  static final List<String> NAMES = PHASES.values().stream().distinct().sorted().toList();

  private Victim() {}

  /** Arguments: the file to write to, then those of {@code ./lode}. */
  public static void main(String[] arguments) {
    Path answer = Path.of(arguments[0]);
    Thread.ofPlatform().daemon().start(() -> listen(answer));
    Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void listen(Path answer) {
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      if (line != null) {
        List<String> words = List.of(line.split(" ", 2));
        Path draft = answer.resolveSibling("phases.part");
        Files.writeString(
            draft, String.join(" ", waited(words.get(0), Long.parseLong(words.get(1)))));
        Files.move(draft, answer, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("Cannot say what is at work", e);
    }
  }

  private static SortedSet<String> waited(String phase, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    SortedSet<String> now = phases();
    while (!now.contains(phase) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(2);
      now = phases();
    }
    return now;
  }

  private static SortedSet<String> phases() {
    var phases = new TreeSet<String>();
    for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
      for (StackTraceElement frame : stack) {
        String phase = PHASES.get(frame.getClassName().replaceFirst("\\$.*", ""));
        if (phase != null) {
          phases.add(phase);
        }
      }
    }
    return phases;
  }
}
