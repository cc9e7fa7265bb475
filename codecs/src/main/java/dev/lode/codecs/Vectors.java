package dev.lode.codecs;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;

/**
 * Semantic and keyword search over rows, kept in step with their table. One owner per namespace and
 * tenant.
 */
public sealed interface Vectors extends Message {
  Address<Search, Found> SEARCH = new Address<>("vectors.search", Search.class, Found.class);
  Address<Rebuild, Synced> REBUILD = new Address<>("vectors.rebuild", Rebuild.class, Synced.class);
  Topic<Synced> SYNCED = new Topic<>("vectors.synced", Synced.class);

  /**
   * @param text the query in words, or null where {@code vector} is given
   * @param vector the query as an embedding of the namespace's dimension, or null
   * @param topK 1..vectors.top-k-max
   * @param filter on metadata, JSON: {@code {"country":{"eq":"France"}}}, operators eq, ne, in,
   *     range {gte,gt,lte,lt}, exists, and combined by {@code and}, {@code or} (lists), {@code
   *     not}; empty for none
   * @param mode {@code vector}, {@code keyword} or {@code hybrid}
   * @param fusion of hybrid: {@code sum} (min-max normalised) or {@code rrf}
   * @param groupBy {@code document}: each hit is a document with its best chunk; or {@code none}:
   *     each is a chunk
   */
  record Search(
      String tenantId,
      String namespace,
      String text,
      @JsonSetter(nulls = Nulls.SET) List<Float> vector,
      int topK,
      Map<String, Object> filter,
      String mode,
      String fusion,
      String groupBy)
      implements Vectors {
    public Search {
      vector = vector == null ? null : List.copyOf(vector);
      filter = Values.copy(filter);
    }
  }

  /**
   * Always min(topK, matches) hits, best first. {@code snapshotId} of {@code table} is what they
   * show.
   *
   * @param notes why there may be fewer matches than the caller expects, in sentences
   */
  record Found(
      String tenantId,
      String namespace,
      String table,
      long snapshotId,
      List<Hit> hits,
      List<String> notes)
      implements Vectors {
    public Found {
      hits = List.copyOf(hits);
      notes = List.copyOf(notes);
    }
  }

  /**
   * @param id {@code documentId}, or {@code chunkId} where chunks were asked for
   * @param documentId key of the source row
   * @param chunkId the same, and {@code #n} for its n-th chunk where there are several
   * @param score greater is better; its scale depends on the mode
   * @param lineageId of the Bronze record it was last made from; null where the source has none
   */
  record Hit(
      String id,
      String documentId,
      String chunkId,
      double score,
      String text,
      Map<String, Object> metadata,
      String lineageId) {
    public Hit {
      metadata = Values.copy(metadata);
    }
  }

  /**
   * Compares all that the tenant's index of {@code namespace} holds with its tables, whether or not
   * they have moved, and writes what differs; a text that is the same is not embedded again.
   */
  record Rebuild(String tenantId, String namespace) implements Vectors {}

  /** The namespace now shows {@code snapshotId} of its source table. */
  record Synced(
      String tenantId, String namespace, long snapshotId, long embedded, long reused, long removed)
      implements Vectors {}
}
