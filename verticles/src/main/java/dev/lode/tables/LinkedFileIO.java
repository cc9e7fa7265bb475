package dev.lode.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Reads files below {@code root} under second names in {@code folder}, given to each when it is
 * first asked for: whoever removes it afterwards takes it from nobody here.
 */
final class LinkedFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final transient Path source;
  private final transient Path folder;
  private final String root;
  private final MovedFileIO linked;

  LinkedFileIO(String root, Path folder, boolean fsync) {
    this.source = LocalFileIO.path(root);
    this.folder = folder;
    this.root = root;
    this.linked = new MovedFileIO(folder, root, new LocalFileIO(new Disk(fsync), new Holds()));
  }

  /** Copies where the other folder is on another disk; leaves what is there. */
  void link(String path, Path into) throws IOException {
    Path target = into.resolve(path);
    Files.createDirectories(target.getParent());
    try {
      Files.createLink(target, source.resolve(path));
    } catch (FileAlreadyExistsException | NoSuchFileException asItIs) {
      if (!Files.exists(target)) {
        throw asItIs;
      }
    } catch (FileSystemException | UnsupportedOperationException anotherDisk) {
      Path part = target.resolveSibling(target.getFileName() + ".part");
      Files.copy(source.resolve(path), part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    try {
      link(Relocation.relative(root, location), folder);
      return linked.newInputFile(location);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(e, "Cannot read %s: it is gone", location);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot link " + location, e);
    }
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new UnsupportedOperationException("Cannot write " + location + " to another's lake");
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("Cannot delete " + location + " from another's lake");
  }
}
