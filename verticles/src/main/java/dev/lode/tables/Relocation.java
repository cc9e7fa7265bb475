package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteTablePathUtil;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * Moves tables to another root. Data stays as it is; what names other files (metadata, manifest
 * lists, manifests, files of deletion vectors) is written anew, by Iceberg's own hands. Done again
 * after an interruption, it ends the same.
 */
public final class Relocation {
  private final Path files;
  private final String from;
  private final String to;
  private final boolean fsync;

  /**
   * @param files where the files are that are named {@code from}
   * @param from root of the warehouse as the files have it: {@code file:///a/warehouse}
   * @param to where it shall be
   */
  public Relocation(Path files, String from, Path to, boolean fsync) {
    this.files = files;
    this.from = from;
    this.to = LocalFileIO.location(to);
    this.fsync = fsync;
  }

  /** Whether there is anything to rewrite. */
  public boolean isNeeded() {
    return !from.equals(to);
  }

  /** Below {@code root}; refused where it is not: such a file would be left behind. */
  static String relative(String root, String location) {
    if (!location.startsWith(root + "/")) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot follow %s: it is outside of the warehouse %s".formatted(location, root));
    }
    return RewriteTablePathUtil.relativize(location, root);
  }

  /** Rewrites what every table of {@code catalog} needs, and last the catalog. */
  public void move(Path catalog) {
    CatalogFile.tables(catalog).values().forEach(this::moveTable);
    CatalogFile.relocate(catalog, this::moved);
  }

  /** What the tables of {@code catalog} lead to, where they now are; each file that is missing. */
  public List<TableFiles> reached(Path catalog) {
    return Reach.all(new LocalFileIO(new Disk(fsync), new Holds()), to, catalog);
  }

  private void moveTable(String location) {
    var io = new MovedFileIO(files, from, new LocalFileIO(new Disk(fsync), new Holds()));
    Reach reach = Reach.of(io, from, location);
    try {
      var lengths = manifests(io, reach, vectors(io, reach));
      for (var snapshot : reach.metadata().snapshots()) {
        RewriteTablePathUtil.rewriteManifestList(
            snapshot,
            io,
            reach.metadata(),
            lengths,
            from,
            to,
            to,
            moved(snapshot.manifestListLocation()));
      }
      TableMetadata metadata = RewriteTablePathUtil.replacePaths(reach.metadata(), from, to);
      TableMetadataParser.overwrite(metadata, io.newOutputFile(moved(location)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot move " + location + " to " + to, e);
    }
  }

  /** The new lengths, by old location. */
  private Map<String, Long> vectors(MovedFileIO io, Reach reach) throws IOException {
    var lengths = new HashMap<String, Long>();
    for (DeleteFile vector : reach.vectors()) {
      String target = moved(vector.location());
      Files.deleteIfExists(LocalFileIO.path(target));
      var spec = reach.metadata().spec(vector.specId());
      long length =
          RewriteTablePathUtil.rewritePositionDelete(
              vector, io.newOutputFile(target), io, spec, from, to, null);
      lengths.put(vector.location(), length);
    }
    return lengths;
  }

  private Map<String, Long> manifests(MovedFileIO io, Reach reach, Map<String, Long> vectors)
      throws IOException {
    var lengths = new HashMap<String, Long>();
    for (ManifestFile manifest : reach.manifests()) {
      lengths.putAll(rewritten(io, reach.metadata(), manifest, vectors));
    }
    return lengths;
  }

  private Map<String, Long> rewritten(
      MovedFileIO io, TableMetadata metadata, ManifestFile manifest, Map<String, Long> vectors)
      throws IOException {
    var output = io.newOutputFile(moved(manifest.path()));
    int format = metadata.formatVersion();
    var specs = metadata.specsById();
    return manifest.content() == ManifestContent.DATA
        ? RewriteTablePathUtil.rewriteDataManifest(
                manifest, Set.of(), output, io, format, specs, from, to)
            .rewrittenManifestLengths()
        : RewriteTablePathUtil.rewriteDeleteManifest(
                manifest, Set.of(), output, io, format, specs, from, to, to, vectors)
            .rewrittenManifestLengths();
  }

  private String moved(String location) {
    return RewriteTablePathUtil.newPath(location, from, to);
  }
}
