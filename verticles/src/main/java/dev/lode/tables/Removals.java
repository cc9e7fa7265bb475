package dev.lode.tables;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Removes files, later where someone holds them. What waits is lost with the process: such files
 * are orphans, which nothing names. Thread-safe.
 */
final class Removals implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(Removals.class.getName());

  private final ArrayList<String> waiting = new ArrayList<>();
  private int holders;

  void remove(String location) {
    if (!isPutOff(location)) {
      removeNow(location);
    }
  }

  private synchronized boolean isPutOff(String location) {
    return holders > 0 && waiting.add(location);
  }

  private static void removeNow(String location) {
    try {
      Files.deleteIfExists(LocalFileIO.path(location));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + location, e);
    }
  }

  synchronized Hold hold() {
    holders++;
    var isHeld = new AtomicBoolean(true);
    return () -> {
      if (isHeld.getAndSet(false)) {
        letGo().forEach(Removals::removeLate);
      }
    };
  }

  private synchronized List<String> letGo() {
    holders--;
    if (holders > 0) {
      return List.of();
    }
    var due = List.copyOf(waiting);
    waiting.clear();
    return due;
  }

  /** Whoever asked has long gone on. */
  private static void removeLate(String location) {
    try {
      removeNow(location);
    } catch (UncheckedIOException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage(), e);
    }
  }
}
