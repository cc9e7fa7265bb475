package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.io.FileIO;

/**
 * The root of all table files and the way to them: local files by our own hands, object stores by
 * Iceberg's, whose jars are not part of Lode.
 */
record Warehouse(String location, FileIO io, Holds holds) {
  private static final Map<String, Remote> REMOTES =
      Map.of(
          "s3", new Remote("org.apache.iceberg.aws.s3.S3FileIO", "iceberg-aws-bundle"),
          "gs", new Remote("org.apache.iceberg.gcp.gcs.GCSFileIO", "iceberg-gcp-bundle"),
          "abfss",
              new Remote("org.apache.iceberg.azure.adlsv2.ADLSFileIO", "iceberg-azure-bundle"));

  private record Remote(String io, String jar) {}

  static Warehouse open(String url, Disk disk) {
    String location = LocalFileIO.isLocal(url) ? LocalFileIO.location(LocalFileIO.path(url)) : url;
    String root = location.replaceFirst("/+$", "");
    var holds = new Holds();
    FileIO io = LocalFileIO.isLocal(url) ? new LocalFileIO(disk, holds) : remote(root);
    return new Warehouse(root, io, holds);
  }

  boolean isLocal() {
    return io instanceof LocalFileIO;
  }

  /** INVALID_CONFIG for an object store: its files go without us. */
  Hold hold() {
    if (isLocal()) {
      return holds.open();
    }
    throw new Failure(
        ErrorCode.INVALID_CONFIG,
        "Cannot hold the files of %s: it is no local folder".formatted(location),
        "Keep copies by the store's own means: versioning and replication of the bucket.");
  }

  private static FileIO remote(String location) {
    String scheme = location.substring(0, location.indexOf(':'));
    Remote remote = REMOTES.get(scheme);
    if (remote == null) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot open the warehouse %s: unknown scheme %s (must be file, %s)"
              .formatted(
                  location, scheme, String.join(", ", REMOTES.keySet().stream().sorted().toList())),
          "Correct warehouse.url in conf/lode.yaml.");
    }
    try {
      return CatalogUtil.loadFileIO(remote.io, Map.of(), null);
    } catch (IllegalArgumentException | LinkageError e) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot open the warehouse %s: %s is missing".formatted(location, remote.io),
          "Put %s-1.12.0.jar of org.apache.iceberg beside the other jars in lib/."
              .formatted(remote.jar));
    }
  }
}
