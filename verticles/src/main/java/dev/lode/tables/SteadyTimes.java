package dev.lode.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * Goes on where the clock was ahead and has been put back. Iceberg refuses every commit until it
 * has caught up with the log of the last ones, for hours; so entries of the log that lie in the
 * future are taken to be of now. Snapshots keep their time.
 */
final class SteadyTimes {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The machine's: Iceberg takes no other. */
  private static final Clock CLOCK = Clock.systemUTC();

  /** What Iceberg bears. */
  private static final long TOLERANCE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private TableMetadata told;
  private TableMetadata shown;

  /** The same object for the same metadata: Iceberg tells a stale base by that. */
  synchronized TableMetadata of(TableMetadata metadata) {
    if (metadata != told && metadata != shown) {
      told = metadata;
      shown = metadata;
    }
    if (isAhead(shown)) {
      shown = putBack(shown);
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
}
