package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a table a session sees: planned by Iceberg (files pruned by partition and by column
 * bounds), deletion vectors applied, columns by field id.
 *
 * @param kind what the slice holds
 * @param from exclusive, for CHANGED and ADDED; null for the beginning
 * @param snapshot inclusive; null for the current one
 * @param ranges row filters, pushed into planning and applied exactly
 */
public record Slice(TableName table, Kind kind, Long from, Long snapshot, List<Range> ranges) {

  /**
   * AT: the rows live at a snapshot, in the columns of now. AS_OF: in the columns of then. ADDED:
   * rows written in (from, snapshot], live at snapshot. CHANGED: rows live at one end and not at
   * the other, with a column {@code _change} +1 or -1; an updated row is both, and so is every row
   * of a replaced table, changed or not, and one that came and went with a compaction in between. A
   * compaction itself writes and changes nothing. Where {@code from} is no longer in the history of
   * snapshot, both show everything that is live.
   */
  public enum Kind {
    AT,
    AS_OF,
    ADDED,
    CHANGED
  }

  /**
   * Inclusive bounds; null for open. Values: String, Long, BigDecimal, Instant, LocalDate, UUID.
   */
  public record Range(String column, Object low, Object high) {}

  public Slice {
    requireNonNull(table, "table is null");
    requireNonNull(kind, "kind is null");
    ranges = List.copyOf(ranges);
  }

  /** Everything that is live now. */
  public static Slice now(TableName table) {
    return new Slice(table, Kind.AT, null, null, List.of());
  }

  public static Slice at(TableName table, long snapshot) {
    return new Slice(table, Kind.AT, null, snapshot, List.of());
  }

  /** What a reader saw when the snapshot was the current one. */
  public static Slice asOf(TableName table, long snapshot) {
    return new Slice(table, Kind.AS_OF, null, snapshot, List.of());
  }

  public static Slice added(TableName table, Long from, long to) {
    return new Slice(table, Kind.ADDED, from, to, List.of());
  }

  public static Slice changed(TableName table, Long from, long to) {
    return new Slice(table, Kind.CHANGED, from, to, List.of());
  }

  public Slice where(String column, Object low, Object high) {
    var more = new ArrayList<>(ranges);
    more.add(new Range(column, low, high));
    return new Slice(table, kind, from, snapshot, more);
  }

  /** Only one tenant's rows. */
  public Slice tenant(String tenantId) {
    return where("tenant_id", tenantId, tenantId);
  }
}
