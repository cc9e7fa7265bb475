package dev.lode.tables;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Who may still need files, and what goes when nobody does any more: it waits for all that was
 * opened before, and for nothing that opens later. What waits is lost with the process: such files
 * are orphans, which nothing names. Thread-safe.
 */
final class Holds {
  private static final System.Logger LOG = System.getLogger(Holds.class.getName());

  private final TreeSet<Long> open = new TreeSet<>();
  private final ArrayDeque<Late> waiting = new ArrayDeque<>();
  private long last;

  private record Late(long mark, Runnable removal) {}

  synchronized Hold open() {
    long number = ++last;
    open.add(number);
    return () -> release(number).forEach(Holds::removeLate);
  }

  private synchronized List<Runnable> release(long number) {
    open.remove(number);
    var due = new ArrayList<Runnable>();
    while (!waiting.isEmpty() && isPast(waiting.peek().mark)) {
      due.add(waiting.remove().removal);
    }
    return due;
  }

  /** All that is open now was opened before it. */
  synchronized long mark() {
    return ++last;
  }

  /** Whether all that was opened before {@code mark} is closed. */
  synchronized boolean isPast(long mark) {
    return open.isEmpty() || open.first() > mark;
  }

  /** Removes at once where nothing is open, else as soon as all that is open now is closed. */
  void afterwards(Runnable removal) {
    if (!isPutOff(removal)) {
      removal.run();
    }
  }

  private synchronized boolean isPutOff(Runnable removal) {
    return !open.isEmpty() && waiting.add(new Late(mark(), removal));
  }

  /** Whoever asked has long gone on. */
  private static void removeLate(Runnable removal) {
    try {
      removal.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage(), e);
    }
  }
}
