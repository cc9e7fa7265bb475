package dev.lode.silver;

import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The quality results of one run, written with what it commits. */
final class QualityLog {
  private final List<Object[]> rows = new ArrayList<>();

  /** What was judged: {@code from} (null: from the beginning) up to {@code to} of Bronze. */
  record Span(Long from, long to) {}

  /** A run's grades of one tenant. */
  record Entry(String tenantId, UUID runId, String entity, Span span, Instant at) {}

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

  void write(Session session, Progress progress) {
    session.append(SilverTables.QUALITY_RESULTS, rows, progress);
  }
}
