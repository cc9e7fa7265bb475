package dev.lode.features.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A feature view: what is known of an entity, and since when.
 *
 * @param keys of its entities, in order
 * @param source null where rows only come by push
 * @param ttl null for no bound
 * @param online also served from the online store
 */
public record View(
    String name,
    String description,
    List<Key> keys,
    Source source,
    Duration ttl,
    String owner,
    List<String> tags,
    String consentPurpose,
    boolean online,
    List<Feature> features) {

  public View {
    keys = List.copyOf(keys);
    tags = List.copyOf(tags);
    features = List.copyOf(features);
  }

  /** A typed part of an entity's key. */
  public record Key(String name, ValueType type) {}

  /**
   * Where rows come from: a table, or SQL over tables that are named as in any query.
   *
   * @param table null where {@code sql} is given, and the other way round
   * @param touched of {@code sql}: table to the columns that hold the keys of what it touches
   * @param keeps whether a row that is gone was never there, or was replaced by a newer one
   * @param timestamp the column with the event time
   * @param created the column that says when the row was recorded; null where Lode's time counts
   */
  public record Source(
      String table,
      String sql,
      Map<String, List<String>> touched,
      Keeps keeps,
      String timestamp,
      String created) {}

  /** What a source still shows of the past. */
  public enum Keeps {
    HISTORY,
    LATEST
  }

  /** Those in the tables, in order. */
  public List<Feature> stored() {
    return features.stream().filter(Feature::stored).toList();
  }

  public Optional<Feature> feature(String feature) {
    return features.stream().filter(each -> each.name().equals(feature)).findFirst();
  }

  /** Rows of the source are summed up, rather than taken one by one. */
  public boolean aggregated() {
    return features.stream().anyMatch(each -> each.origin() instanceof Feature.Aggregate);
  }

  /**
   * Whether rows are written that are no event, as when a value leaves its window, while a ttl
   * counts from the newest event: then each row tells which that was.
   */
  public boolean tellsNewest() {
    return ttl != null
        && features.stream()
            .anyMatch(each -> each.origin() instanceof Feature.Aggregate one && one.windowed());
  }

  public List<String> keyNames() {
    return keys.stream().map(Key::name).toList();
  }

  public long ttlMicros() {
    return ttl == null ? 0 : ttl.toNanos() / 1000;
  }
}
