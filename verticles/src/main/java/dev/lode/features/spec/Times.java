package dev.lode.features.spec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Points in time as the feature contract reads them: any zone equals its UTC instant, naive means
 * UTC, microseconds are kept and what is finer is cut off.
 */
public final class Times {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** The first point in time that is one. */
  public static final long FIRST_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, FIRST);

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .appendOptional(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[' '][XXXXX][XXXX][X]")
          .appendPattern("['['VV']'][VV]")
          .toFormatter(Locale.ROOT);

  private Times() {}

  /** Reads ISO-8601 with {@code T} or a space, with or without time and zone. */
  public static Instant parse(String text) {
    try {
      return cut(
          instant(
              TEXT.parseBest(
                  text.strip(), ZonedDateTime::from, LocalDateTime::from, LocalDate::from)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "is not a time (write 2011-06-30T12:00:00Z; without a zone it is UTC)", e);
    }
  }

  private static Instant instant(TemporalAccessor time) {
    return switch (time) {
      case ZonedDateTime zoned -> zoned.toInstant();
      case LocalDateTime naive -> naive.toInstant(ZoneOffset.UTC);
      default -> LocalDate.from(time).atStartOfDay().toInstant(ZoneOffset.UTC);
    };
  }

  /** To the microsecond, within the years 1 to 9999. */
  public static Instant cut(Instant time) {
    if (time.isBefore(FIRST) || time.isAfter(LAST.plus(1, ChronoUnit.MICROS))) {
      throw new IllegalArgumentException("is outside the years 1 to 9999");
    }
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  public static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
