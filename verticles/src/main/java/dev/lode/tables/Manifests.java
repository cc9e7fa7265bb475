package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * The files that manifests name. A manifest never changes once written, and a table that is written
 * often has many: those used last stay in memory, up to 20,000 files, so that a read after a commit
 * reads from disk what that commit wrote alone.
 */
final class Manifests {
  private static final int FILES_MAX = 20_000;

  private final Map<String, List<? extends ContentFile<?>>> kept =
      new LinkedHashMap<>(16, 0.75f, true);
  private int files;

  /** Live data files, with all that is known of their columns. */
  List<DataFile> data(Table table, ManifestFile manifest) {
    return files(table, manifest).stream().map(DataFile.class::cast).toList();
  }

  /** Live deletion vectors. */
  List<DeleteFile> vectors(Table table, ManifestFile manifest) {
    return files(table, manifest).stream().map(DeleteFile.class::cast).toList();
  }

  /** As {@link #data} and {@link #vectors}: whatever it names. */
  List<? extends ContentFile<?>> files(Table table, ManifestFile manifest) {
    synchronized (kept) {
      var known = kept.get(manifest.path());
      if (known != null) {
        return known;
      }
    }
    var read = read(table.io(), table.specs(), manifest);
    for (ContentFile<?> file : read) {
      if (file instanceof DeleteFile delete && !ContentFileUtil.isDV(delete)) {
        throw new Failure(
            ErrorCode.INTERNAL,
            "Cannot read %s: %s is no deletion vector; another engine wrote it"
                .formatted(table.name(), delete.location()));
      }
    }
    keep(manifest.path(), read);
    return read;
  }

  /** Of {@code snapshots}, each once, though most are in many. */
  static List<ManifestFile> of(FileIO io, Iterable<Snapshot> snapshots) {
    Map<String, ManifestFile> all = new LinkedHashMap<>();
    for (Snapshot snapshot : snapshots) {
      snapshot.allManifests(io).forEach(manifest -> all.putIfAbsent(manifest.path(), manifest));
    }
    return List.copyOf(all.values());
  }

  /** Whatever {@code manifest} names, from the disk. */
  static List<? extends ContentFile<?>> read(
      FileIO io, Map<Integer, PartitionSpec> specs, ManifestFile manifest) {
    return manifest.content() == ManifestContent.DATA
        ? all(manifest, ManifestFiles.read(manifest, io, specs))
        : all(manifest, ManifestFiles.readDeleteManifest(manifest, io, specs));
  }

  private static <F extends ContentFile<F>> List<F> all(
      ManifestFile manifest, ManifestReader<F> reader) {
    var files = new ArrayList<F>();
    try (reader) {
      reader.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the manifest " + manifest.path(), e);
    }
    return List.copyOf(files);
  }

  private void keep(String path, List<? extends ContentFile<?>> read) {
    synchronized (kept) {
      var other = kept.put(path, read);
      files += read.size() - (other == null ? 0 : other.size());
      Iterator<? extends List<?>> eldest = kept.values().iterator();
      while (files > FILES_MAX && eldest.hasNext()) {
        files -= eldest.next().size();
        eldest.remove();
      }
    }
  }
}
