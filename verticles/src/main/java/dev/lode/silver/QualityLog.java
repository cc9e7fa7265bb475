package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gathers quality results and writes them now and then, so that small runs do not wait for a second
 * commit. A watermark per Bronze table moves with them: results that a crash lost are judged again.
 */
final class QualityLog {
  private final Lake lake;
  private final List<Object[]> rows = new ArrayList<>();
  private final Map<TableName, Span> spans = new LinkedHashMap<>();

  QualityLog(Lake lake) {
    this.lake = requireNonNull(lake, "lake is null");
  }

  /** What was judged: {@code from} (null: from the beginning) up to {@code to} of Bronze. */
  record Span(Long from, long to) {}

  /** A run's grades of one tenant. */
  record Entry(String tenantId, UUID runId, String entity, Span span, Instant at) {}

  /** Bronze's snapshot up to which the results are written or gathered; null for none. */
  Long watermark(TableName upstream) {
    var gathered = spans.get(upstream);
    return gathered != null ? Long.valueOf(gathered.to()) : written(upstream);
  }

  private Long written(TableName upstream) {
    return lake.head(SilverTables.QUALITY_RESULTS)
        .map((Snapshot head) -> head.watermark(upstream))
        .orElse(null);
  }

  void add(Entry entry, List<Grade> grades) {
    for (Grade grade : grades) {
      rows.add(
          new Object[] {
            entry.tenantId(),
            entry.runId(),
            entry.entity(),
            grade.rule(),
            grade.severity(),
            grade.dimension(),
            grade.checked(),
            grade.failed(),
            grade.score(),
            grade.passed(),
            entry.span().from(),
            entry.span().to(),
            entry.at()
          });
    }
  }

  /** All that was added of {@code upstream} reaches up to {@code to}. */
  void advance(TableName upstream, long to) {
    var gathered = spans.get(upstream);
    spans.put(upstream, new Span(gathered == null ? written(upstream) : gathered.from(), to));
  }

  /** Writes what was gathered; a loser of a race forgets it, because the winner wrote it. */
  void flush() {
    if (spans.isEmpty() && rows.isEmpty()) {
      return;
    }
    var progress = Progress.NONE;
    for (var span : spans.entrySet()) {
      progress =
          progress.and(Progress.of(span.getKey(), span.getValue().from(), span.getValue().to()));
    }
    try {
      lake.append(SilverTables.QUALITY_RESULTS, rows, progress);
    } catch (Failure e) {
      if (e.code() != ErrorCode.WATERMARK_MOVED) {
        throw e;
      }
    }
    rows.clear();
    spans.clear();
  }
}
