package dev.lode.backup;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Relocation;
import dev.lode.tables.Slice;
import dev.lode.tables.TableFiles;
import dev.lode.tables.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings one backup back, to the place that it was made at or to another. Every byte is compared
 * with its checksum, every file that a table leads to must be there, and the engine counts the rows
 * of every table. Whatever an interrupted run has brought is not brought again.
 */
public final class Restore {
  private final Repository repository;
  private final Copy copy;
  private final LongConsumer progress;

  /** Where it goes. {@code lake} opens what was restored. */
  public record Target(Path catalog, Path warehouse, Path secrets, Supplier<Lake> lake) {}

  private Restore(Repository repository, Copy copy, LongConsumer progress) {
    this.repository = repository;
    this.copy = copy;
    this.progress = requireNonNull(progress, "progress is null");
  }

  /**
   * @param id null for the newest
   * @param progress told of bytes as they are read
   */
  public static Restore open(Path repository, String id, LongConsumer progress) throws IOException {
    var opened = Repository.open(repository);
    List<String> ids = opened.ids();
    if (id == null && ids.isEmpty()) {
      throw Failure.invalid("Cannot restore from %s: it holds no backups".formatted(repository));
    }
    return new Restore(opened, opened.read(id == null ? ids.getLast() : id), progress);
  }

  public Copy copy() {
    return copy;
  }

  /** Reads every byte; answers a sentence for each file that is not as it was written. */
  public List<String> damages() throws IOException {
    var damages = new ArrayList<String>();
    check(damages, repository.folder(copy.id()).resolve(copy.catalog().path()), copy.catalog());
    for (var secret : copy.secrets()) {
      check(damages, secret(secret), secret);
    }
    for (var file : copy.files()) {
      check(damages, repository.file(file.path()), file);
    }
    return damages;
  }

  private void check(List<String> damages, Path file, Copy.Stored stored) throws IOException {
    try {
      verify(file, stored);
    } catch (Failure e) {
      damages.add(e.getMessage());
    }
  }

  private Path secret(Copy.Stored stored) {
    return repository.folder(copy.id()).resolve(Copy.SECRETS).resolve(stored.path());
  }

  private void verify(Path file, Copy.Stored stored) throws IOException {
    compare(file, stored, () -> Digests.digest(file));
    progress.accept(stored.bytes());
  }

  private interface Digest {
    String take() throws IOException;
  }

  private static void compare(Path file, Copy.Stored stored, Digest digest) throws IOException {
    try {
      if (!digest.take().equals(stored.sha256())) {
        throw Repository.damaged(file, "its checksum differs");
      }
    } catch (NoSuchFileException e) {
      throw Repository.damaged(file, "it is missing");
    }
  }

  /** The catalog takes its name last, when all that it leads to is there and counted. */
  public void run(Target target) throws IOException {
    var relocation = new Relocation(repository.files(), copy.warehouse(), target.warehouse(), true);
    var folders = new HashSet<Path>();
    for (var file : copy.files()) {
      if (relocation.isNeeded() && file.namesOthers()) {
        verify(repository.file(file.path()), file);
      } else {
        Path to = target.warehouse().resolve(file.path());
        bring(repository.file(file.path()), to, file);
        folders.add(to.getParent());
      }
    }
    for (Path folder : folders) {
      Digests.force(folder);
    }
    bringSecrets(target.secrets());
    bringCatalog(target.catalog(), relocation);
    verify(target, relocation);
  }

  private void bring(Path from, Path to, Copy.Stored stored) throws IOException {
    boolean isThere =
        Files.isRegularFile(to)
            && Files.size(to) == stored.bytes()
            && Digests.digest(to).equals(stored.sha256());
    if (isThere) {
      progress.accept(stored.bytes());
    } else {
      compare(from, stored, () -> Digests.copy(from, to, progress));
    }
  }

  private void bringSecrets(Path folder) throws IOException {
    for (var secret : copy.secrets()) {
      Path from = secret(secret);
      verify(from, secret);
      Path to = folder.resolve(secret.path());
      Files.createDirectories(to.getParent());
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
      Digests.force(to);
      Digests.force(to.getParent());
    }
  }

  private void bringCatalog(Path catalog, Relocation relocation) throws IOException {
    Path from = repository.folder(copy.id()).resolve(copy.catalog().path());
    Path draft = catalog.resolveSibling(catalog.getFileName() + ".new");
    compare(from, copy.catalog(), () -> Digests.copy(from, draft, progress));
    if (relocation.isNeeded()) {
      relocation.move(draft);
    }
    Digests.force(draft);
    Files.move(draft, catalog, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Digests.force(catalog.getParent());
  }

  private void verify(Target target, Relocation relocation) throws IOException {
    List<TableFiles> tables = relocation.reached(target.catalog());
    for (TableFiles table : tables) {
      for (var entry : table.entries()) {
        Path file = target.warehouse().resolve(entry.path());
        boolean isThere =
            Files.isRegularFile(file)
                && (entry.bytes() == TableFiles.UNKNOWN || Files.size(file) == entry.bytes());
        if (!isThere) {
          throw wrong("%s leads to %s, which is not there whole".formatted(table.table(), file));
        }
      }
    }
    var own =
        tables.stream()
            .filter(TableFiles::isOwn)
            .map(TableFiles::table)
            .collect(Collectors.toSet());
    try (Lake lake = target.lake().get();
        var session = lake.session()) {
      for (var table : copy.tables()) {
        if (tables.stream().noneMatch(found -> found.table().equals(table.name()))) {
          throw wrong("%s is not there".formatted(table.name()));
        }
        if (!own.contains(table.name())) {
          continue;
        }
        session.bind("restored", Slice.now(TableName.of(table.name())));
        var found = session.query("SELECT count(*) FROM restored", 1).rows().getFirst().getFirst();
        if (((Number) found).longValue() != table.rows()) {
          throw wrong("%s has %s rows, the backup %d".formatted(table.name(), found, table.rows()));
        }
      }
    }
  }

  private static Failure wrong(String what) {
    return new Failure(
        ErrorCode.INTERNAL, "The restored lake is not the one that was backed up: " + what);
  }
}
