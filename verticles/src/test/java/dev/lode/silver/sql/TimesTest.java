package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.silver.contract.Times.Choice;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts as times, against what the JDK's clock and zones say. */
class TimesTest {
  private static final int TEXTS = 2500;
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final String PROPERTIES =
      """
      {name: utc, physicalType: TIMESTAMP WITH TIME ZONE},
      {name: berlin, physicalType: TIMESTAMP WITH TIME ZONE,
       logicalTypeOptions: {defaultTimezone: Europe/Berlin}},
      {name: other, physicalType: TIMESTAMP WITH TIME ZONE,
       logicalTypeOptions: {defaultTimezone: Europe/Berlin}, customProperties: [
         {property: localTimes, value: {gap: earlier, overlap: later}},
         {property: fraction, value: cut}]},
      {name: sure, physicalType: TIMESTAMP, logicalTypeOptions: {defaultTimezone: Europe/Berlin},
       customProperties: [{property: localTimes, value: {gap: refuse, overlap: refuse}},
         {property: years, value: [2000, 2030]}]},
      {name: day, physicalType: DATE}\
      """;

  @TempDir static Path folder;
  private static Lake lake;

  /** What a text says: nothing of it where {@code day} is no day. */
  private record Told(String text, LocalDateTime local, long nanos, String zone) {
    Instant moment(ZoneId fallback, Choice gap, Choice overlap) {
      if (local == null) {
        return null;
      }
      var zone =
          zone().isEmpty()
              ? fallback
              : ZoneId.of(zone().strip().replace("z", "Z").replace("EST", "-05:00"));
      var offsets = zone.getRules().getValidOffsets(local);
      if (offsets.size() == 1) {
        return local.toInstant(offsets.getFirst());
      }
      var shift = zone.getRules().getTransition(local);
      var a = local.toInstant(shift.getOffsetBefore());
      var b = local.toInstant(shift.getOffsetAfter());
      return switch (offsets.isEmpty() ? gap : overlap) {
        case REFUSE -> null;
        case EARLIER -> a.isBefore(b) ? a : b;
        case LATER -> a.isBefore(b) ? b : a;
      };
    }
  }

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @Test
  void everyTextIsTheMomentThatItSaysOrRefused() {
    var told = new ArrayList<Told>();
    RandomCases.check(TEXTS, TimesTest::draw, told::add);
    var records =
        IntStream.range(0, told.size())
            .mapToObj(i -> record(i, told.get(i).text(), "utc", "berlin", "other", "sure", "day"))
            .toList();
    var judge = new Judge(lake, folder);
    var rows =
        judge.evaluate(
            judge.contract(PROPERTIES),
            records,
            "epoch_us(utc), epoch_us(berlin), epoch_us(other), epoch_us(sure), day,"
                + " list_contains(_flags, 'berlin_local')");

    int refused = 0;
    int flagged = 0;
    for (int i = 0; i < told.size(); i++) {
      var wanted = wanted(told.get(i));
      assertThat(rows.get(i)).as("%s", told.get(i)).isEqualTo(wanted);
      refused += Objects.isNull(wanted.getFirst()) ? 1 : 0;
      flagged += Boolean.TRUE.equals(wanted.getLast()) ? 1 : 0;
    }
    assertThat(refused).isBetween(200, TEXTS - 1000);
    assertThat(flagged).isGreaterThan(20);
  }

  private static List<Object> wanted(Told told) {
    boolean exact = told.nanos() % 1000 == 0;
    var utc = told.moment(ZoneOffset.UTC, Choice.REFUSE, Choice.REFUSE);
    var berlin = told.moment(BERLIN, Choice.LATER, Choice.EARLIER);
    var other = told.moment(BERLIN, Choice.EARLIER, Choice.LATER);
    var sure = told.moment(BERLIN, Choice.REFUSE, Choice.REFUSE);
    boolean near = sure != null && within(sure);
    boolean midnight = utc != null && utc.truncatedTo(ChronoUnit.DAYS).equals(utc);
    return Arrays.asList(
        exact ? micros(utc) : null,
        exact ? micros(berlin) : null,
        micros(other),
        exact && near ? micros(sure) : null,
        midnight ? LocalDate.ofInstant(utc, ZoneOffset.UTC) : null,
        exact && !Objects.equals(berlin, other));
  }

  private static boolean within(Instant moment) {
    int year = moment.atZone(BERLIN).getYear();
    return year >= 2000 && year <= 2030;
  }

  private static Long micros(Instant moment) {
    return moment == null
        ? null
        : ChronoUnit.MICROS.between(Instant.EPOCH, moment.truncatedTo(ChronoUnit.MICROS));
  }

  /** Often on days when clocks shift, in Berlin or New York. */
  private static Told draw(RandomCases draw) {
    String day =
        draw.one(
            "2024-03-31",
            "2024-10-27",
            "2024/10/27",
            "2024-11-03",
            "2024-03-10",
            "2024-07-10",
            "2023-1-5",
            "1999-12-31",
            "2024-02-30",
            "24-03-31",
            "2031-06-15",
            "9999-12-31");
    boolean alone = draw.between(0, 9) == 0;
    String hour = draw.one("02", "01", "1", "00", "03", "23", "24", "12");
    String seconds = draw.one("", ":00", ":59", ":60");
    String fraction =
        seconds.isEmpty() ? "" : draw.one("", "", ".5", ".123456", ".123456000", ".123456789");
    String clock = alone ? "" : hour + ":" + draw.one("00", "30", "59") + seconds + fraction;
    String zone =
        draw.one(
            "",
            "",
            "",
            "",
            "Z",
            "z",
            "+02:00",
            "-05:00",
            " America/New_York",
            " GMT",
            " UTC",
            " EST",
            " Europe/Berlin");
    return new Told(
        day + (alone ? "" : draw.one("T", " ") + clock) + zone,
        local(day, clock),
        !alone && fraction.length() > 9 ? Long.parseLong(fraction.substring(1)) : 0,
        zone);
  }

  private static LocalDateTime local(String day, String clock) {
    try {
      String[] parts = day.split("[-/]", -1);
      int year = Integer.parseInt(parts[0]);
      var date = LocalDate.of(year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      String padded = clock.matches("[0-9]:.*") ? "0" + clock : clock;
      return year < 1000
          ? null
          : date.atTime(
              clock.isEmpty() ? java.time.LocalTime.MIN : java.time.LocalTime.parse(padded));
    } catch (DateTimeException e) {
      return null;
    }
  }

  @Test
  void countsSince1970AreToldFromEachOtherAndKeepTheirFraction() {
    String formats = "";
    for (String format : List.of("epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "epoch")) {
      formats +=
          ", {name: %s, physicalType: TIMESTAMP WITH TIME ZONE, logicalTypeOptions: {format: %s}}"
              .formatted(format, format);
    }
    String[] names = {"epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "epoch"};
    var judge = new Judge(lake, folder);
    var texts =
        List.of(
            "1700000000",
            "1700000000.5",
            "1700000000500",
            "1700000000500000",
            "1700000000500000000",
            "1700000000.1234567",
            "1.7e9",
            "0",
            "1_700_000_000",
            "true");
    var records =
        IntStream.range(0, texts.size()).mapToObj(i -> record(i, texts.get(i), names)).toList();
    var rows =
        judge.evaluate(
            judge.contract(formats.substring(2)),
            records,
            "epoch_us(epoch_s), epoch_us(epoch_ms), epoch_us(epoch_us), epoch_us(epoch_ns),"
                + " epoch_us(epoch)");

    long whole = 1_700_000_000_000_000L;
    long half = whole + 500_000;
    assertThat(rows)
        .containsExactly(
            Arrays.asList(whole, null, null, null, whole),
            Arrays.asList(half, null, null, null, half),
            Arrays.asList(null, half, null, null, half),
            Arrays.asList(null, null, half, null, half),
            Arrays.asList(null, null, null, half, half),
            Arrays.asList(null, null, null, null, null),
            Arrays.asList(whole, null, null, null, whole),
            Arrays.asList(null, null, null, null, null),
            Arrays.asList(null, null, null, null, null),
            Arrays.asList(null, null, null, null, null));
  }

  @Test
  void whatIsNoTimeIsRefused() {
    var texts =
        List.of(
            "infinity",
            "-infinity",
            "epoch",
            "now",
            "0024-01-15",
            "2024-07-10 12:00:00 PST",
            "2024-07-10 12:00:00 IST",
            "2024-07-10 12:00:00 Nowhere/City",
            "2024-07-10-15",
            "2024-07-10 (BC)",
            "20240710",
            "12024-07-10");
    var judge = new Judge(lake, folder);
    var records =
        IntStream.range(0, texts.size())
            .mapToObj(i -> record(i, texts.get(i), "utc", "berlin", "sure", "day"))
            .toList();

    assertThat(judge.evaluate(judge.contract(PROPERTIES), records, "utc, berlin, sure, day"))
        .hasSize(texts.size())
        .containsOnly(Arrays.asList(null, null, null, null));
  }

  private static Object[] record(int number, String text, String... columns) {
    String payload =
        Arrays.stream(columns)
            .map(column -> "\"" + column + "\":\"" + text + "\"")
            .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    return Judge.record(number, null, payload);
  }
}
