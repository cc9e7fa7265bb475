package dev.lode.cli;

import static java.util.Objects.requireNonNull;

/**
 * What a command waits for and since when, redrawn on a terminal; silent elsewhere. For one thread.
 */
final class Underway {
  private final Terminal terminal;
  private final String what;
  private final long began = System.nanoTime();

  Underway(Terminal terminal, String what) {
    this.terminal = requireNonNull(terminal, "terminal is null");
    this.what = requireNonNull(what, "what is null");
  }

  void show() {
    if (terminal.isTty()) {
      long seconds = (System.nanoTime() - began) / 1_000_000_000;
      draw(Terminal.clipped("%s … %d s".formatted(what, seconds), terminal.columns() - 1));
    }
  }

  /** Takes it away. */
  void clear() {
    if (terminal.isTty()) {
      draw("");
    }
  }

  private void draw(String line) {
    terminal.err().print("\r\u001b[K" + line);
    terminal.err().flush();
  }
}
