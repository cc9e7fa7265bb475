package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SupportsBulkOperations;

/**
 * Local files that are whole or absent: written under another name, synced, renamed, and the folder
 * synced, so that a name in the catalog always leads to all of its bytes, after a power cut too.
 */
final class LocalFileIO implements SupportsBulkOperations {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(LocalFileIO.class.getName());
  private static final String SCHEME = "file:";

  private final transient Disk disk;
  private final transient Holds holds;

  LocalFileIO(Disk disk, Holds holds) {
    this.disk = requireNonNull(disk, "disk is null");
    this.holds = requireNonNull(holds, "holds is null");
  }

  static boolean isLocal(String location) {
    return location.startsWith(SCHEME) || !location.contains("://");
  }

  /** The path of {@code file:///a/b}, {@code file:/a/b} or {@code /a/b}. */
  static Path path(String location) {
    if (!location.startsWith(SCHEME)) {
      return Path.of(location);
    }
    String rest = location.substring(SCHEME.length());
    return Path.of("/" + rest.replaceFirst("^/+", ""));
  }

  /** The location that leads to {@code path} for every engine: {@code file:///a/b}. */
  static String location(Path path) {
    return "file://" + path.toAbsolutePath().normalize();
  }

  @Override
  public InputFile newInputFile(String location) {
    return new LocatedInput(location, org.apache.iceberg.Files.localInput(file(location)));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new LocalOutput(location);
  }

  /** Waits until nobody holds what there is. */
  @Override
  public void deleteFile(String location) {
    Path path = path(location);
    holds.afterwards(() -> remove(path));
  }

  /** Without Iceberg's threads, which it waits for in steps of 10 ms. */
  @Override
  public void deleteFiles(Iterable<String> locations) {
    int failed = 0;
    for (String location : locations) {
      try {
        deleteFile(location);
      } catch (UncheckedIOException e) {
        LOG.log(System.Logger.Level.WARNING, e.getMessage(), e);
        failed++;
      }
    }
    if (failed > 0) {
      throw new BulkDeletionFailureException(failed);
    }
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + path, e);
    }
  }

  /** All files below {@code folder}; none where it is missing. Files may come and go meanwhile. */
  List<FileInfo> list(String folder) {
    var files = new ArrayList<FileInfo>();
    try {
      Files.walkFileTree(path(folder), new Collector(files));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final List<FileInfo> files;

    Collector(List<FileInfo> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        long modified = attributes.lastModifiedTime().toMillis();
        files.add(new FileInfo(location(path), attributes.size(), modified));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }

  /** The path for another writer, in a folder that exists. */
  Path prepare(String location) throws IOException {
    Path path = path(location);
    Durable.makeFolder(path.getParent(), disk);
    return path;
  }

  /** Makes a file that another writer has completed in place as durable as our own. */
  void settle(String location) {
    try {
      disk.sync(path(location));
      disk.sync(path(location).getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot sync " + location, e);
    }
  }

  private static File file(String location) {
    return path(location).toFile();
  }

  /** A local file that keeps the name it was asked for by. */
  private record LocatedInput(String location, InputFile file) implements InputFile {
    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public org.apache.iceberg.io.SeekableInputStream newStream() {
      try {
        return file.newStream();
      } catch (NotFoundException e) {
        throw new NotFoundException(e, "Failed to open input stream for file: %s", location);
      }
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private final class LocalOutput implements OutputFile {
    private final String location;

    LocalOutput(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      if (Files.exists(path(location))) {
        throw new AlreadyExistsException("Cannot create %s: it exists", location);
      }
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      try {
        return new Durable(path(location), disk);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot create " + location, e);
      }
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return newInputFile(location);
    }
  }
}
