package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Bronze of a lake that another process may be writing to, as of one moment, in a place of its own.
 * Nothing is asked of that process: its files never change, and each is linked as soon as its name
 * is known, so that its owner may remove it. What was removed before that is no longer in the
 * owner's catalog by now: then everything begins again from there.
 */
public final class BronzeClone {
  private static final String BRONZE = "bronze";
  private static final int ATTEMPTS_MAX = 10;

  private final LakeOptions from;
  private final LakeOptions to;
  private final Path names;

  /**
   * @param from the lake; its catalog and warehouse are local files, as are those of {@code to}
   * @param to the new one: nothing is there yet
   * @param names a folder on its disk, for as long as this takes
   */
  public BronzeClone(LakeOptions from, LakeOptions to, Path names) {
    this.from = requireNonNull(from, "from is null");
    this.to = requireNonNull(to, "to is null");
    this.names = requireNonNull(names, "names is null");
  }

  /** Makes it; answers every table of Lode, of all layers, as it was in that moment. */
  public List<TableFiles> make() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt();
      } catch (NotFoundException | NoSuchFileException gone) {
        if (attempt == ATTEMPTS_MAX) {
          throw new IOException("files go faster than they are linked: " + gone, gone);
        }
      }
    }
  }

  private List<TableFiles> attempt() throws IOException {
    Path catalog = Catalog.file(to.catalogUrl());
    Path draft = names.resolve("catalog.db");
    Files.createDirectories(names);
    Files.deleteIfExists(draft);
    CatalogFile.copy(Catalog.file(from.catalogUrl()), draft);
    String root = LocalFileIO.location(LocalFileIO.path(from.warehouse()));
    Path warehouse = LocalFileIO.path(to.warehouse());
    var links = new LinkedFileIO(root, names, to.fsync());
    List<TableFiles> tables = heads(draft, links);
    CatalogFile.keep(draft, BRONZE);
    for (var table : CatalogFile.tables(draft).entrySet()) {
      var files = Reach.of(links, root, table.getValue()).files(table.getKey());
      for (var entry : files.entries()) {
        links.link(entry.path(), entry.namesOthers() ? names : warehouse);
      }
    }
    new Relocation(names, root, warehouse, to.fsync()).move(draft);
    Files.move(draft, catalog, StandardCopyOption.ATOMIC_MOVE);
    return tables;
  }

  private static List<TableFiles> heads(Path catalog, LinkedFileIO links) {
    var tables = new ArrayList<TableFiles>();
    CatalogFile.tables(catalog)
        .forEach(
            (table, location) -> {
              if (!table.isOwn()) {
                return;
              }
              var head = TableMetadataParser.read(links, location).currentSnapshot();
              Long id = head == null ? null : head.snapshotId();
              long rows = head == null ? 0 : Snapshot.rows(head.summary());
              tables.add(new TableFiles(table.toString(), true, id, rows, List.of()));
            });
    return tables;
  }
}
