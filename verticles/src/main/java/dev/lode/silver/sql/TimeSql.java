package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.ColumnType.Kind;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.TimeFormat;
import dev.lode.silver.contract.Times;
import dev.lode.silver.contract.Times.Choice;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Texts that are times, read as moments, or not at all. The engine's casts take {@code epoch},
 * {@code infinity} and years of two digits, drop what is finer than a microsecond, and drop a zone
 * that they do not know: so a text must first look like a time, and every zone in it is honoured.
 */
final class TimeSql {
  private static final String DAY = "[0-9]{4,5}[-/][0-9]{1,2}[-/][0-9]{1,2}";
  private static final String USUAL_DAY = "[1-9][0-9]{3}[-/][0-9]{1,2}[-/][0-9]{1,2}";
  private static final String MICROS = "(?:[.][0-9]{1,6}0*)?";
  private static final String FINER = "(?:[.][0-9]+)?";
  private static final String OFFSET = "[+-](?:0[0-9]|1[0-7])(?::?[0-5][0-9])?";

  /** Of the tz database: what else is short means different zones to different people. */
  private static final String NAMES =
      "[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}|UTC|GMT|EST|MST|HST|EST5EDT|CST6CDT|MST7MDT|PST8PDT"
          + "|CET|MET|WET|EET";

  private TimeSql() {}

  /** A value of {@code type}, which is timely. */
  static String read(Property property, ColumnType type, String text) {
    if (type.kind() == Kind.DATE) {
      return date(property, text);
    }
    String instant = instant(property, text, zone(property), property.times());
    return type.kind() == Kind.INSTANT ? instant : "(" + instant + ") AT TIME ZONE 'UTC'";
  }

  /** Whether a local time was skipped or came twice. */
  static String isLocalInDoubt(Property property, String text) {
    return "%s IS DISTINCT FROM %s"
        .formatted(
            instant(property, text, zone(property), property.times().choosing(Choice.EARLIER)),
            instant(property, text, zone(property), property.times().choosing(Choice.LATER)));
  }

  private static String zone(Property property) {
    return property.zone().getRules().isFixedOffset() && isUtc(property)
        ? "UTC"
        : property.zone().getId();
  }

  private static boolean isUtc(Property property) {
    return property.zone().getRules().getOffset(java.time.Instant.EPOCH).getTotalSeconds() == 0;
  }

  /** A time within the day is lost in a date: such a text is none. */
  private static String date(Property property, String text) {
    String midnight =
        PlaceSql.let(
            instant(property, text, "UTC", property.times()),
            "moment",
            "CASE WHEN moment = date_trunc('day', moment)"
                + " THEN CAST(moment AT TIME ZONE 'UTC' AS DATE) END");
    return property.format() != null || !isUsual(property.times())
        ? midnight
        : ("CASE WHEN regexp_full_match(%1$s, '\\s*%2$s\\s*') THEN TRY_CAST(%1$s AS DATE)"
                + " ELSE %3$s END")
            .formatted(text, USUAL_DAY, midnight);
  }

  private static boolean isUsual(Times times) {
    var usual = Times.usual(false, false);
    return times.firstYear() == usual.firstYear() && times.lastYear() == usual.lastYear();
  }

  private static String instant(Property property, String text, String zone, Times times) {
    String format = property.format();
    if (format == null) {
      return iso(text, zone, times);
    }
    if (TimeFormat.epoch(format)) {
      return within(times, EpochSql.instant(format, times.cuts(), text), zone);
    }
    String parsed = "try_strptime(%s, %s)".formatted(text, Quote.text(TimeFormat.strptime(format)));
    if (TimeFormat.zoned(format) || zone.equals("UTC")) {
      return within(times, century(times, "CAST(" + parsed + " AS TIMESTAMPTZ)", format), zone);
    }
    String local = century(times, "CAST(" + parsed + " AS TIMESTAMP)", format);
    return within(times, moment(local, Quote.text(zone), times), zone);
  }

  /** A year of two digits is the one within the hundred years that are declared. */
  private static String century(Times times, String parsed, String format) {
    return TimeFormat.shortYear(format)
        ? PlaceSql.let(
            parsed,
            "told",
            "CASE WHEN year(told) > %d THEN told - INTERVAL 100 YEAR".formatted(times.lastYear())
                + " WHEN year(told) < %d THEN told + INTERVAL 100 YEAR ELSE told END"
                    .formatted(times.firstYear()))
        : parsed;
  }

  /** Years begin and end in the column's zone. */
  private static String within(Times times, String value, String zone) {
    return PlaceSql.let(
        value,
        "moment",
        "CASE WHEN moment >= %s AND moment < %s THEN moment END"
            .formatted(newYear(times.firstYear(), zone), newYear(times.lastYear() + 1, zone)));
  }

  private static String newYear(int year, String zone) {
    var midnight = LocalDate.of(year, 1, 1).atStartOfDay(ZoneId.of(zone));
    return "make_timestamptz(" + midnight.toEpochSecond() + "000000)";
  }

  /** Of a time in UTC where the text tells no zone. */
  static String utc(String text) {
    return iso(text, "UTC", Times.usual(false, false));
  }

  private static String iso(String text, String zone, Times times) {
    String clock =
        "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9]%s)?"
            .formatted(times.cuts() ? FINER : MICROS);
    if (!isUsual(times)) {
      return within(times, parts(text, clock, zone, times), zone);
    }
    String slow = parts(text, clock, zone, times);
    String plain =
        zone.equals("UTC")
            ? "\\s*%s(?:[T ]%s(?:Z|%s)?)?\\s*".formatted(USUAL_DAY, clock, OFFSET)
            : "\\s*%s[T ]%s(?:Z|%s)\\s*".formatted(USUAL_DAY, clock, OFFSET);
    return ("CASE WHEN regexp_full_match(%1$s, '%2$s') THEN TRY_CAST(%1$s AS TIMESTAMPTZ)"
            + " ELSE %3$s END")
        .formatted(text, plain, slow);
  }

  /** A day, perhaps a time within it, perhaps a zone: which may follow a day alone, but as -15. */
  private static String parts(String text, String clock, String zone, Times times) {
    String form =
        "^\\s*(%s)(?:[Tt ]\\s*(%s))?\\s*((?:[Zz]|%s|%s)?)\\s*$"
            .formatted(isUsual(times) ? USUAL_DAY : DAY, clock, OFFSET, NAMES);
    String offset = "part.z <> '' AND regexp_full_match(part.z, '[Zz]|%s')".formatted(OFFSET);
    String local = "TRY_CAST(part.l AS TIMESTAMP)";
    return PlaceSql.let(
        "regexp_extract(%s, '%s', ['d', 'c', 'z'])".formatted(text, form),
        "found",
        PlaceSql.let(
            "{l: found.d || ' ' || coalesce(nullif(found.c, ''), '00:00'), z: found.z,"
                + " told: found.c <> ''}",
            "part",
            """
            CASE WHEN part.z = '' THEN %1$s
              WHEN %2$s THEN CASE WHEN part.told OR length(part.z) <> 3
                THEN TRY_CAST(part.l || upper(part.z) AS TIMESTAMPTZ) END
              WHEN TRY_CAST(part.l || ' ' || part.z AS TIMESTAMPTZ) IS NOT NULL THEN %3$s END\
            """
                .formatted(
                    zone.equals("UTC")
                        ? "TRY_CAST(part.l AS TIMESTAMPTZ)"
                        : moment(local, Quote.text(zone), times),
                    offset,
                    moment(local, "part.z", times))));
  }

  /**
   * A local time in a zone: the offsets a day before and a day after give one moment, or two to
   * choose from, both of which show it (it came twice) or neither (it was skipped).
   */
  private static String moment(String local, String zone, Times times) {
    return PlaceSql.let(
        "{l: %s, z: %s}".formatted(local, zone),
        "spot",
        PlaceSql.let(
            "{a: %s, b: %s}".formatted(shifted("-"), shifted("+")),
            "one",
            """
            CASE WHEN one.a = one.b THEN one.a
              WHEN timezone(spot.z, one.a) = spot.l THEN
                CASE WHEN timezone(spot.z, one.b) = spot.l THEN %1$s ELSE one.a END
              WHEN timezone(spot.z, one.b) = spot.l THEN one.b ELSE %2$s END\
            """
                .formatted(chosen(times.overlap()), chosen(times.gap()))));
  }

  private static String chosen(Choice choice) {
    return switch (choice) {
      case EARLIER -> "least(one.a, one.b)";
      case LATER -> "greatest(one.a, one.b)";
      case REFUSE -> "NULL::TIMESTAMPTZ";
    };
  }

  private static String shifted(String sign) {
    String near = "(timezone('UTC', spot.l) %s INTERVAL 24 HOUR)".formatted(sign);
    return "timezone('UTC', spot.l) - (timezone(spot.z, %1$s) - timezone('UTC', %1$s))"
        .formatted(near);
  }
}
