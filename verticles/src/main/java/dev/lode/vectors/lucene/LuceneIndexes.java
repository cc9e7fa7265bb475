package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.vectors.analysis.Language;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.search.VectorIndexes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * All indexes under one folder, {@code <namespace>/<tenant>} each. As many are open as the limit
 * allows; the one unused longest is closed for another. Thread-safe.
 */
public final class LuceneIndexes implements VectorIndexes {
  private final Path folder;
  private final Options options;
  private final Function<String, Language> languages;
  private final Opener opener;
  private final Map<Partition, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param bufferMegabytes what a writer gathers in memory before it writes a segment
   * @param codesBytesMax memory outside the heap for all codes
   * @param openMax indexes open at once
   * @param fusionDepth of each ranking that hybrid search fuses
   */
  public record Options(
      double bufferMegabytes, long codesBytesMax, int openMax, int fusionDepth, Planner planner) {}

  /**
   * @param languages of namespaces
   */
  public LuceneIndexes(Path folder, Options options, Function<String, Language> languages) {
    this.folder = requireNonNull(folder, "folder is null");
    this.options = requireNonNull(options, "options is null");
    this.languages = requireNonNull(languages, "languages is null");
    this.opener = new Opener(options);
  }

  /** Whether scans use the processor's vector instructions: half as fast without. */
  public static boolean isVectorised() {
    return Dot.isVectorised();
  }

  private static final class Open {
    final LuceneIndex index;
    final ReentrantLock writing = new ReentrantLock();
    int users;

    Open(LuceneIndex index) {
      this.index = index;
    }
  }

  @Override
  public <T> Optional<T> read(Partition partition, Function<VectorIndex, T> work) {
    if (!Files.isDirectory(path(partition))) {
      return Optional.empty();
    }
    return Optional.ofNullable(using(partition, used -> work.apply(used.index)));
  }

  @Override
  public <T> T write(Partition partition, Function<VectorIndex, T> work) {
    return using(
        partition,
        used -> {
          used.writing.lock();
          try {
            return work.apply(used.index);
          } finally {
            used.writing.unlock();
          }
        });
  }

  private <T> T using(Partition partition, Function<Open, T> work) {
    Open used = acquire(partition);
    try {
      return work.apply(used);
    } finally {
      release(partition, used);
    }
  }

  private synchronized Open acquire(Partition partition) {
    Open used = open.get(partition);
    if (used == null) {
      makeRoom();
      used = new Open(opener.open(path(partition), languages.apply(partition.namespace())));
      open.put(partition, used);
    }
    used.users++;
    return used;
  }

  private void makeRoom() {
    if (open.size() < options.openMax()) {
      return;
    }
    var eldest = open.entrySet().stream().filter(entry -> entry.getValue().users == 0).findFirst();
    if (eldest.isEmpty()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY,
          "Cannot open another vector index: all " + options.openMax() + " are in use");
    }
    open.remove(eldest.get().getKey()).index.close();
  }

  private synchronized void release(Partition partition, Open used) {
    used.users--;
    if (!used.index.isOpen() && used.users == 0 && open.remove(partition, used)) {
      used.index.close();
    }
  }

  /**
   * Never in the middle of a turn: Lucene takes the checkpoint after it has taken the documents, so
   * that one published meanwhile would be kept without its documents. Whoever has the turn commits.
   */
  @Override
  public void commit() {
    for (Partition partition : opened()) {
      using(
          partition,
          used -> {
            if (used.writing.tryLock()) {
              try {
                used.index.commit();
              } finally {
                used.writing.unlock();
              }
            }
            return partition;
          });
    }
  }

  private synchronized List<Partition> opened() {
    return new ArrayList<>(open.keySet());
  }

  @Override
  public synchronized void close() {
    open.values().forEach(used -> used.index.close());
    open.clear();
  }

  /** Tenants are named by people: whatever would leave the folder is written otherwise. */
  private Path path(Partition partition) {
    return folder.resolve(name(partition.namespace())).resolve(name(partition.tenantId()));
  }

  private static String name(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
  }
}
