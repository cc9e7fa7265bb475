package dev.lode.tables;

import java.nio.file.Path;
import java.util.List;

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

  public List<TableFiles> tables() {
    return Reach.all(catalog.io(), catalog.warehouse(), copy);
  }

  @Override
  public void close() {
    hold.close();
  }
}
