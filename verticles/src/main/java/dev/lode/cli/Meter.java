package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far an ingest is: on a terminal a bar that is drawn anew as bytes go out, elsewhere a line
 * per file. Thread-safe.
 */
final class Meter {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int BAR = 24;

  private final Terminal terminal;
  private final int files;
  private final long bytesTotal;
  private final long began = System.nanoTime();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong drawn = new AtomicLong(began);
  private int filesDone;
  private String lastNote = "";

  Meter(Terminal terminal, int files, long bytesTotal) {
    this.terminal = requireNonNull(terminal, "terminal is null");
    this.files = files;
    this.bytesTotal = bytesTotal;
  }

  /** What one attempt has sent, so that it can be taken back. */
  static final class Counted {
    private final Meter meter;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();

    Counted(Meter meter) {
      this.meter = meter;
    }

    /** {@code isText}: its line ends can be counted. */
    InputStream reading(InputStream in, boolean isText) {
      return new FilterInputStream(in) {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          int read = super.read(buffer, offset, length);
          add(Math.max(read, 0), isText ? lineEnds(buffer, offset, read) : 0);
          return read;
        }
      };
    }

    private void add(long moreBytes, long moreLines) {
      bytes.addAndGet(moreBytes);
      lines.addAndGet(moreLines);
      meter.add(moreBytes, moreLines);
    }

    void undo() {
      meter.add(-bytes.get(), -lines.get());
    }

    private static long lineEnds(byte[] buffer, int offset, int length) {
      long ends = 0;
      for (int i = offset; i < offset + length; i++) {
        ends += buffer[i] == '\n' ? 1 : 0;
      }
      return ends;
    }
  }

  private void add(long moreBytes, long moreLines) {
    bytes.addAndGet(moreBytes);
    lines.addAndGet(moreLines);
    long now = System.nanoTime();
    long last = drawn.get();
    if (terminal.isTty() && now - last > REDRAW_NANOS && drawn.compareAndSet(last, now)) {
      draw();
    }
  }

  synchronized void done(Outcome outcome) {
    filesDone++;
    if (terminal.isTty()) {
      draw();
    } else {
      terminal.err().println(Report.line(outcome));
    }
  }

  /** Says something once, however many uploads meet it. */
  synchronized void note(String text) {
    if (!text.equals(lastNote)) {
      lastNote = text;
      clear();
      terminal.err().println(terminal.yellow(text));
    }
  }

  private synchronized void draw() {
    terminal.err().print("\r\u001b[K" + Terminal.clipped(bar(), terminal.columns() - 1));
    terminal.err().flush();
  }

  private String bar() {
    double share = bytesTotal == 0 ? 1 : Math.clamp((double) bytes.get() / bytesTotal, 0, 1);
    int full = (int) Math.round(share * BAR);
    double seconds = Math.max((System.nanoTime() - began) / 1e9, 0.001);
    String left =
        share < 0.01 ? "" : "  " + Amounts.time((long) (seconds * 1000 * (1 - share) / share));
    return "█".repeat(full)
        + "░".repeat(BAR - full)
        + " %3d %%  %d/%d files".formatted(Math.round(share * 100), filesDone, files)
        + "  "
        + Amounts.count(lines.get())
        + " lines  "
        + Amounts.count(Math.round(lines.get() / seconds))
        + " lines/s"
        + (left.isEmpty() ? "" : left + " left");
  }

  /** Takes the bar away. */
  synchronized void clear() {
    if (terminal.isTty()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
  }
}
