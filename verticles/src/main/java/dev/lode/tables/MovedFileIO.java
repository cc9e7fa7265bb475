package dev.lode.tables;

import java.nio.file.Path;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Reads files out of {@code folder} by the names that they have below {@code root}. */
final class MovedFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String root;
  private final LocalFileIO local;

  MovedFileIO(Path folder, String root, LocalFileIO local) {
    this.folder = LocalFileIO.location(folder);
    this.root = root;
    this.local = local;
  }

  @Override
  public InputFile newInputFile(String location) {
    return local.newInputFile(folder + "/" + Relocation.relative(root, location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return local.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("Cannot delete " + location + " from a copy");
  }
}
