package dev.lode.backup;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Cut;
import dev.lode.tables.Lake;
import dev.lode.tables.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes one backup of a lake that goes on being written to. */
final class BackupJob {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Lake lake;
  private final Path secrets;
  private final int keep;
  private final Clock clock;

  /**
   * @param secrets the folder of them; copied with their permissions
   * @param keep so many backups; older ones go once a new one is complete
   */
  BackupJob(Lake lake, Path secrets, int keep, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.secrets = requireNonNull(secrets, "secrets is null");
    this.keep = keep;
    this.clock = requireNonNull(clock, "clock is null");
  }

  Copy run(Path directory, Tally tally) throws IOException {
    Repository repository = Repository.make(directory);
    try (var _ = repository.lock()) {
      List<String> ids = repository.ids();
      Copy last = ids.isEmpty() ? null : repository.read(ids.getLast());
      Instant cutAt = after(last);
      String id = ID.format(cutAt);
      tally.begin(new Tally.Begun(id, cutAt, last == null ? null : last.cutAt()));
      Path draft = repository.begin(id);
      Copy copy;
      try (Cut cut = lake.cut(draft.resolve(Copy.CATALOG))) {
        checkSame(directory, last, cut);
        copy = copied(new Copying(repository, cut, last, tally), draft, cutAt);
      }
      repository.complete(copy);
      Pruning.prune(repository, keep);
      return copy;
    }
  }

  /** Backups are in the order of their names, also where the clock has gone back. */
  private Instant after(Copy last) {
    Instant now = clock.instant();
    return last == null || now.isAfter(last.cutAt()) ? now : last.cutAt().plusMillis(1);
  }

  /** Elsewhere, files of the same name have other paths inside. */
  private static void checkSame(Path directory, Copy last, Cut cut) {
    if (last != null && !last.warehouse().equals(cut.warehouse())) {
      throw new Failure(
          ErrorCode.INVALID_REQUEST,
          "Cannot back up to %s: its backups are of %s, this lake is %s"
              .formatted(directory, last.warehouse(), cut.warehouse()),
          "Give each data directory a folder of its own.");
    }
  }

  private Copy copied(Copying copying, Path draft, Instant cutAt) throws IOException {
    Cut.Tables tables = copying.cut.tables();
    List<TableFiles> reached = tables.whole();
    copying.tally.leaveOut(
        tables.leftOut().stream().map(each -> each.table() + ": " + each.reason()).toList());
    List<Copy.Stored> files = copying.run(reached);
    Path catalog = draft.resolve(Copy.CATALOG);
    return new Copy(
        ID.format(cutAt),
        cutAt,
        copying.cut.warehouse(),
        new Copy.Stored(Copy.CATALOG, Files.size(catalog), Digests.digest(catalog), true),
        copySecrets(draft.resolve(Copy.SECRETS)),
        reached.stream()
            .map(table -> new Copy.Table(table.table(), table.snapshotId(), table.rows()))
            .toList(),
        files);
  }

  private List<Copy.Stored> copySecrets(Path to) throws IOException {
    var stored = new ArrayList<Copy.Stored>();
    for (Path copy : Trees.copy(secrets, to)) {
      String path = to.relativize(copy).toString();
      stored.add(new Copy.Stored(path, Files.size(copy), Digests.digest(copy), false));
    }
    return stored;
  }

  /** What is reached and not in the repository yet. */
  private record Copying(Repository repository, Cut cut, Copy last, Tally tally) {

    List<Copy.Stored> run(List<TableFiles> reached) throws IOException {
      var entries = new LinkedHashMap<String, TableFiles.Entry>();
      reached.forEach(
          table -> table.entries().forEach(entry -> entries.putIfAbsent(entry.path(), entry)));
      Map<String, Copy.Stored> known =
          last == null
              ? Map.of()
              : last.files().stream()
                  .collect(Collectors.toMap(Copy.Stored::path, Function.identity()));
      plan(reached, entries.values());
      var stored = new ArrayList<Copy.Stored>();
      Set<Path> folders = new HashSet<>();
      for (var entry : entries.values()) {
        stored.add(stored(entry, known.get(entry.path()), folders));
      }
      for (Path folder : folders) {
        Digests.force(folder);
      }
      return stored;
    }

    private void plan(List<TableFiles> reached, Iterable<TableFiles.Entry> entries)
        throws IOException {
      long files = 0;
      long bytes = 0;
      long filesNew = 0;
      long bytesNew = 0;
      for (var entry : entries) {
        long size = size(entry);
        boolean isNew = !isThere(entry, size);
        files++;
        bytes += size;
        filesNew += isNew ? 1 : 0;
        bytesNew += isNew ? size : 0;
      }
      long rows = reached.stream().mapToLong(TableFiles::rows).sum();
      tally.plan(new Tally.Sizes(reached.size(), rows, files, bytes, filesNew, bytesNew));
    }

    private Copy.Stored stored(TableFiles.Entry entry, Copy.Stored known, Set<Path> folders)
        throws IOException {
      Path target = repository.file(entry.path());
      long size = size(entry);
      boolean isThere = isThere(entry, size);
      if (isThere && known != null) {
        return known;
      }
      folders.add(target.getParent());
      String digest =
          isThere
              ? Digests.digest(target)
              : Digests.copy(cut.folder().resolve(entry.path()), target, tally::copied);
      return new Copy.Stored(entry.path(), size, digest, entry.namesOthers());
    }

    /** A file has its name only when it is whole, and never changes after. */
    private boolean isThere(TableFiles.Entry entry, long size) throws IOException {
      Path target = repository.file(entry.path());
      return Files.isRegularFile(target) && Files.size(target) == size;
    }

    private long size(TableFiles.Entry entry) throws IOException {
      Path source = cut.folder().resolve(entry.path());
      long size = Files.size(source);
      if (entry.bytes() != TableFiles.UNKNOWN && entry.bytes() != size) {
        throw new Failure(
            ErrorCode.BACKEND_DOWN,
            "Cannot back up %s: it has %d bytes, its manifest says %d"
                .formatted(source, size, entry.bytes()),
            "The lake itself is damaged: restore an earlier backup.");
      }
      return size;
    }
  }
}
