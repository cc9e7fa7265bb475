package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.codecs.Query;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.Troubles;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What rows of given snapshots are worth: their age, and the quality of the entities they were made
 * from, found by following watermarks upstream. Blocks.
 */
final class Worth {
  private static final int SNAPSHOTS_MAX = 10_000;
  private static final String SILVER = "silver";

  private final Lake lake;
  private final Scores scores;
  private final Recent<Named, Optional<Instant>> commits = new Recent<>(SNAPSHOTS_MAX);

  Worth(Lake lake, Scores scores) {
    this.lake = requireNonNull(lake, "lake is null");
    this.scores = requireNonNull(scores, "scores is null");
  }

  private record Named(TableName table, long snapshotId) {}

  Query.Assessed assess(Query.Assess ask) {
    var entities = new HashSet<String>();
    var made = new HashSet<TableName>();
    Instant oldest = null;
    for (Map.Entry<String, Long> read : ask.snapshots().entrySet()) {
      TableName table = table(read.getKey());
      if (table != null) {
        entities(table, made, entities);
        Instant committed =
            commits.of(new Named(table, read.getValue()), this::committedAt).orElse(null);
        oldest = earlier(oldest, committed);
      }
    }
    return new Query.Assessed(
        ask.tenantId(),
        oldest,
        score(ask.tenantId(), entities),
        troubles(ask.tenantId(), ask.snapshots().keySet(), made));
  }

  /** Of what was read, and of all that it is made of. */
  private List<String> troubles(String tenantId, Set<String> read, Set<TableName> made) {
    return lake.troubles().of(tenantId).stream()
        .filter(
            trouble -> read.contains(trouble.table().toString()) || made.contains(trouble.table()))
        .map(Troubles.Trouble::sentence)
        .toList();
  }

  private static Instant earlier(Instant one, Instant other) {
    return other == null || (one != null && one.isBefore(other)) ? one : other;
  }

  /** Null for what is no table of the lake. */
  private TableName table(String name) {
    try {
      TableName table = TableName.of(name);
      return lake.exists(table) ? table : null;
    } catch (Failure notATable) {
      return null;
    }
  }

  private Optional<Instant> committedAt(Named named) {
    return lake.history(named.table()).stream()
        .filter(snapshot -> snapshot.id() == named.snapshotId())
        .map(Snapshot::committedAt)
        .findFirst();
  }

  private void entities(TableName table, Set<TableName> visited, Set<String> entities) {
    if (!visited.add(table)) {
      return;
    }
    if (table.layer().equals(SILVER)) {
      entities.add(table.name());
      return;
    }
    lake.head(table).map(Snapshot::summary).orElse(Map.of()).keySet().stream()
        .filter(key -> key.startsWith(Progress.WATERMARK))
        .map(key -> table(key.substring(Progress.WATERMARK.length())))
        .filter(Objects::nonNull)
        .forEach(upstream -> entities(upstream, visited, entities));
  }

  private Double score(String tenantId, Set<String> entities) {
    Map<String, Double> latest = scores.latest(tenantId);
    return entities.stream()
        .map(latest::get)
        .filter(Objects::nonNull)
        .min(Double::compare)
        .orElse(null);
  }
}
