package dev.lode.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * A lake as of one moment, over all its tables: the copy of its catalog is the only truth, and what
 * that leads to stays where it is until this is closed.
 */
public final class Cut implements AutoCloseable {
  private final Catalog catalog;
  private final Path copy;
  private final Hold hold;

  private Cut(Catalog catalog, Path copy, Hold hold) {
    this.catalog = catalog;
    this.copy = copy;
    this.hold = hold;
  }

  /** First held, then copied: what the copy names can no longer go. */
  static Cut of(Catalog catalog, Path copy) {
    Hold hold = catalog.hold();
    try {
      catalog.copyTo(copy);
      return new Cut(catalog, copy, hold);
    } catch (RuntimeException e) {
      hold.close();
      throw e;
    }
  }

  /** The root of all files, as the tables name it. */
  public String warehouse() {
    return catalog.warehouse();
  }

  /** Where that is. */
  public Path folder() {
    return LocalFileIO.path(catalog.warehouse());
  }

  /**
   * All tables, and those of other engines that nobody could bring back: files of theirs lie
   * elsewhere, or are gone. The copy of the catalog forgets these.
   */
  public record Tables(List<TableFiles> whole, List<LeftOut> leftOut) {}

  public record LeftOut(String table, String reason) {}

  public Tables tables() {
    var whole = new ArrayList<TableFiles>();
    var leftOut = new LinkedHashMap<CatalogFile.Entry, LeftOut>();
    CatalogFile.tables(copy)
        .forEach(
            (table, location) -> {
              try {
                whole.add(files(table, location));
              } catch (RuntimeException e) {
                if (table.isOwn()) {
                  throw e;
                }
                leftOut.put(table, new LeftOut(table.toString(), e.getMessage()));
              }
            });
    CatalogFile.forget(copy, leftOut.keySet());
    return new Tables(whole, List.copyOf(leftOut.values()));
  }

  private TableFiles files(CatalogFile.Entry table, String location) {
    TableFiles files = Reach.of(catalog.io(), catalog.warehouse(), location).files(table);
    if (!table.isOwn()) {
      files.entries().forEach(this::checkWhole);
    }
    return files;
  }

  private void checkWhole(TableFiles.Entry entry) {
    Path file = folder().resolve(entry.path());
    try {
      if (entry.bytes() != TableFiles.UNKNOWN && Files.size(file) != entry.bytes()) {
        throw new NotFoundException("%s has not the %s bytes it had", file, entry.bytes());
      }
    } catch (IOException e) {
      throw new NotFoundException(e, "%s is missing", file);
    }
  }

  @Override
  public void close() {
    hold.close();
  }
}
