package dev.lode.tables;

import dev.lode.codecs.Column;
import java.util.List;

/**
 * A result in memory. Values are Java's own: String, Boolean, Integer, Long, Double, Float,
 * BigDecimal, BigInteger, LocalDate, LocalDateTime (TIMESTAMP), Instant (TIMESTAMP WITH TIME ZONE),
 * byte[], UUID, List and Map of these, null.
 *
 * @param truncated there were more rows than asked for
 */
public record Rows(List<Column> columns, List<List<Object>> rows, boolean truncated) {

  /** The only value of the only row. */
  public Object single() {
    if (rows.size() != 1 || columns.size() != 1) {
      throw new IllegalStateException(
          "Expected one value, got " + rows.size() + " rows of " + columns.size() + " columns");
    }
    return rows.getFirst().getFirst();
  }

  /** {@link #single()} as a count. */
  public long count() {
    return ((Number) single()).longValue();
  }
}
