package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Goes on where the clock was ahead and has been put back. Iceberg refuses every commit until it
 * has caught up with the log of the last ones, for hours; so entries of the log that lie in the
 * future are taken to be of now. Snapshots keep their time.
 */
final class SteadyOperations implements TableOperations {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The machine's: Iceberg takes no other. */
  private static final Clock CLOCK = Clock.systemUTC();

  /** What Iceberg bears. */
  private static final long TOLERANCE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final TableOperations operations;
  private TableMetadata told;
  private TableMetadata shown;

  SteadyOperations(TableOperations operations) {
    this.operations = requireNonNull(operations, "operations is null");
  }

  @Override
  public TableMetadata current() {
    return steady(operations.current());
  }

  @Override
  public TableMetadata refresh() {
    return steady(operations.refresh());
  }

  @Override
  public synchronized void commit(TableMetadata base, TableMetadata metadata) {
    operations.commit(base == shown ? told : base, metadata);
  }

  /** The same object for the same metadata: Iceberg tells a stale base by that. */
  private synchronized TableMetadata steady(TableMetadata metadata) {
    if (metadata != told) {
      shown = isAhead(metadata) ? putBack(metadata) : metadata;
      told = metadata;
    }
    return shown;
  }

  private static boolean isAhead(TableMetadata metadata) {
    return metadata != null && metadata.lastUpdatedMillis() > CLOCK.millis() + TOLERANCE_MILLIS;
  }

  private static TableMetadata putBack(TableMetadata metadata) {
    long now = CLOCK.millis();
    try {
      var json = (ObjectNode) JSON.readTree(TableMetadataParser.toJson(metadata));
      putBack(json, "last-updated-ms", now);
      for (String log : List.of("snapshot-log", "metadata-log")) {
        for (JsonNode entry : json.path(log)) {
          putBack((ObjectNode) entry, "timestamp-ms", now);
        }
      }
      return TableMetadataParser.fromJson(metadata.metadataFileLocation(), json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Iceberg wrote no JSON", e);
    }
  }

  private static void putBack(ObjectNode entry, String field, long now) {
    entry.put(field, Math.min(entry.path(field).asLong(), now));
  }

  @Override
  public FileIO io() {
    return operations.io();
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return operations.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return operations.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }
}
