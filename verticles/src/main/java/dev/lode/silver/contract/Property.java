package dev.lode.silver.contract;

import java.time.ZoneId;
import java.util.List;

/**
 * A column of a Silver table, and how it is made from a record.
 *
 * @param source where it is in the record, dotted; compared without regard to case and underscores
 * @param formerNames what it was called before, in the table and, it may be, in records
 * @param expression SQL that replaces the source text, {@code {property}} standing for it; or null
 * @param format how a time is written, in the letters of JDK's DateTimeFormatter; null for ISO
 * @param zone of times written without one
 * @param times which times it takes, and how it reads those in doubt
 * @param partitioned the table is partitioned by it
 */
public record Property(
    String name,
    ColumnType type,
    String source,
    List<String> formerNames,
    String expression,
    List<Normalise> normalise,
    String format,
    ZoneId zone,
    Times times,
    Masking masking,
    boolean partitioned,
    String doc) {
  public Property {
    formerNames = List.copyOf(formerNames);
    normalise = List.copyOf(normalise);
  }

  /** The same under another name, for a value beside the column's own. */
  public Property named(String other) {
    return new Property(
        other,
        type,
        source,
        formerNames,
        expression,
        normalise,
        format,
        zone,
        times,
        masking,
        partitioned,
        doc);
  }

  /** Whether some local time is read as one of the two moments that it can mean. */
  public boolean choosesLocalTimes() {
    boolean local = format == null || (!TimeFormat.epoch(format) && !TimeFormat.zoned(format));
    boolean moment =
        type.kind() == ColumnType.Kind.INSTANT || type.kind() == ColumnType.Kind.TIMESTAMP;
    return local && moment && times.chooses();
  }

  /** Whether it is a time that is told as a number. */
  public boolean isEpoch() {
    return format != null && TimeFormat.epoch(format);
  }
}
