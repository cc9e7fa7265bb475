package dev.lode.tables;

import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * The files of the warehouse for other engines: it writes and deletes only under the warehouse and
 * outside Lode's own layers, whatever location a table claims, so that no table of another engine
 * can harm one of Lode's, by a commit or by a purge.
 */
final class FencedFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final String root;
  private final FileIO io;

  FencedFileIO(Warehouse warehouse) {
    this.root = warehouse.location();
    this.io = warehouse.io();
  }

  @Override
  public InputFile newInputFile(String location) {
    return io.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return io.newOutputFile(checked(root, location));
  }

  @Override
  public void deleteFile(String location) {
    io.deleteFile(checked(root, location));
  }

  /** Whether it lies under {@code root}, however it is written. */
  static boolean isBelow(String root, String location) {
    return !inside(root, location).isEmpty();
  }

  private static String inside(String root, String location) {
    String plain =
        LocalFileIO.isLocal(location) ? LocalFileIO.location(LocalFileIO.path(location)) : location;
    return plain.startsWith(root + "/") ? plain.substring(root.length() + 1) : "";
  }

  /** The location itself; refused where other engines may not write. */
  static String checked(String root, String location) {
    String inside = inside(root, location);
    if (inside.indexOf('/') <= 0 || OwnLayers.contain(inside.substring(0, inside.indexOf('/')))) {
      throw new ForbiddenException(
          "Cannot write %s: tables of other engines lie under %s, outside Lode's own layers (%s)."
              + " Create the table without a location.",
          location, root, OwnLayers.names());
    }
    return location;
  }
}
