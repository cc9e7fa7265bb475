package dev.lode.demo;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.cli.Amounts;
import dev.lode.cli.Grid;
import dev.lode.cli.Terminal;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Tells the tour: what is done, how long it took, and whether it came out as it must. */
final class Stage {
  private static final int TIME_COLUMN = 78;

  private final Terminal terminal;
  private int checks;
  private int failures;

  Stage(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  /** Begins a part. */
  void part(int number, String title) {
    terminal.out().println();
    terminal.out().println(terminal.bold(terminal.cyan(number + "  " + title)));
  }

  void say(String text) {
    terminal.out().println("   " + text);
  }

  void aside(String text) {
    say("  " + terminal.dim(Terminal.clipped(text, width())));
  }

  /** Something found, after what is known of it: in as many lines as it needs. */
  void passage(String known, String text) {
    List<String> lines = Terminal.wrapped(text, width() - known.length() - 1);
    for (int i = 0; i < lines.size(); i++) {
      say("  " + (i == 0 ? known : " ".repeat(known.length())) + " " + terminal.dim(lines.get(i)));
    }
  }

  private int width() {
    return Math.max(60, terminal.columns() - 6);
  }

  void rows(JsonNode result) {
    var out = terminal.out();
    Grid.of(result).lines(terminal).forEach(line -> out.println("     " + line));
  }

  /** Does {@code work}, and says how long it took. */
  <T> T timed(String what, Supplier<T> work) {
    long began = System.nanoTime();
    T result = work.get();
    say(terminal.green("✓ ") + timed(what, (System.nanoTime() - began) / 1_000_000));
    return result;
  }

  private String timed(String what, long millis) {
    String gap = " ".repeat(Math.max(1, TIME_COLUMN - what.length()));
    return what + gap + terminal.dim(Amounts.time(millis));
  }

  /** Counts silently that {@code what} holds; says so only where it does not. */
  void holds(String what, boolean holds) {
    if (holds) {
      checks++;
    } else {
      check(what, false, () -> "it did not");
    }
  }

  /** Says that {@code what} holds, or that it does not and what was found instead. */
  void check(String what, boolean holds, Supplier<String> otherwise) {
    checks++;
    if (holds) {
      say(terminal.green("✓ ") + what);
    } else {
      failures++;
      say(terminal.red("✗ " + what + ": " + otherwise.get()));
    }
  }

  void same(String what, Object expected, Object found) {
    check(what, Objects.equals(expected, found), () -> "expected " + expected + ", found " + found);
  }

  /** As {@link #same}, once it is so; the time until then is said. */
  <T> void becomes(String what, T expected, Supplier<T> probe) {
    var seen = Waiting.until(expected, probe);
    checks++;
    if (seen.isSo()) {
      say(terminal.green("✓ ") + timed(what, seen.millis()));
    } else {
      failures++;
      say(
          terminal.red(
              "✗ %s: expected %s, still found %s after %s"
                  .formatted(what, expected, seen.last(), Amounts.time(seen.millis()))));
    }
  }

  Terminal terminal() {
    return terminal;
  }

  int checks() {
    return checks;
  }

  int failures() {
    return failures;
  }
}
