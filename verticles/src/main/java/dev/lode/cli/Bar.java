package dev.lode.cli;

import static java.util.Objects.requireNonNull;

/** Bytes done of all, redrawn on a terminal; silent elsewhere. For one thread. */
final class Bar {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int WIDTH = 24;

  private final Terminal terminal;
  private final long began = System.nanoTime();
  private long drawn;

  Bar(Terminal terminal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  void show(long bytes, long bytesTotal) {
    long now = System.nanoTime();
    if (terminal.isTty() && now - drawn > REDRAW_NANOS) {
      drawn = now;
      terminal.err().print("\r\u001b[K" + Terminal.clipped(line(bytes, bytesTotal), width()));
      terminal.err().flush();
    }
  }

  private int width() {
    return terminal.columns() - 1;
  }

  private String line(long bytes, long bytesTotal) {
    double share = bytesTotal == 0 ? 0 : Math.clamp((double) bytes / bytesTotal, 0, 1);
    int full = (int) Math.round(share * WIDTH);
    double seconds = Math.max((System.nanoTime() - began) / 1e9, 0.001);
    return "█".repeat(full)
        + "░".repeat(WIDTH - full)
        + " %3d %%  %s of %s  %s/s"
            .formatted(
                Math.round(share * 100),
                Amounts.bytes(bytes),
                Amounts.bytes(bytesTotal),
                Amounts.bytes(Math.round(bytes / seconds)));
  }

  /** Takes it away. */
  void clear() {
    if (terminal.isTty()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }
}
