package dev.lode.silver.sql;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every text as every type of number, by every way that it can come in, against what decimal
 * arithmetic says: kept exactly, or refused.
 */
class NumbersTest {
  private static final List<String> TYPES =
      List.of(
          "INTEGER",
          "BIGINT",
          "DECIMAL(4,2)",
          "DECIMAL(18,2)",
          "DECIMAL(38,0)",
          "DECIMAL(38,2)",
          "DECIMAL(38,18)",
          "DECIMAL(20,20)",
          "DOUBLE",
          "FLOAT");

  private static final List<String> NO_NUMBERS =
      List.of(
          "true",
          "false",
          "1_000",
          "0x10",
          "inf",
          "-Infinity",
          "NaN",
          "1,5",
          "1 0",
          "--1",
          "1e",
          "e5",
          ".",
          "-",
          "1.2.3",
          "x",
          "١",
          "1e400",
          "-1e400",
          "1e-400");

  private static final List<String> EDGES =
      List.of(
          "0",
          "-0.0",
          "0.0",
          "1.5",
          "1.239",
          "12.505",
          "1.000000000000000001",
          "0.1",
          "0.3",
          "9007199254740993",
          "9007199254740993.0",
          "9007199254740992",
          "0.12345678901234567890",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "18446744073709551615",
          "99999999999999.99",
          "1e2",
          "1E+2",
          "15e-1",
          "150e-2",
          "1.10",
          "0.30000000000000004",
          "0.10000000000000001",
          "1e22",
          "1e23",
          "99999999999999999999999999999999999999",
          "100000000000000000000000000000000000000",
          "123456789012345678901234.0000000001",
          "3.4028235e38",
          "16777217",
          "0.00001",
          "1e-7",
          "0E-10",
          "5e-324",
          "1.7976931348623157e308",
          "12345678901234567890123456789.123456789");

  @TempDir static Path folder;
  private static Lake lake;

  /** A text, whether it was a JSON number, and what every column of the record shows. */
  private record Case(String text, boolean number, List<String> read) {}

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @Test
  void everyTextIsReadExactlyOrRefusedByEveryWay() {
    Set<String> texts = new LinkedHashSet<>(EDGES);
    texts.addAll(NO_NUMBERS);
    RandomCases.check(700, NumbersTest::number, texts::add);
    int judged = 0;
    for (Case one : read(texts)) {
      for (int i = 0; i < TYPES.size(); i++) {
        String wanted = oracle(one.text(), TYPES.get(i));
        assertThat(shown(one.read().get(i), TYPES.get(i)))
            .as("%s as %s, %s", one.text(), TYPES.get(i), one)
            .isEqualTo(wanted);
        assertThat(shown(element(one.read().get(TYPES.size() + i)), TYPES.get(i)))
            .as("[%s] as %s[]", one.text(), TYPES.get(i))
            .isEqualTo(wanted);
        judged += 2;
      }
      assertThat(one.read().get(2 * TYPES.size())).isEqualTo(one.text());
      assertThat(one.read().getLast().replace("'", "")).isEqualTo("[" + one.text() + "]");
      judged += 2;
    }
    assertThat(judged).isGreaterThan(30_000);
  }

  private static String number(RandomCases draw) {
    String whole = draw.text(5, "0", "1", "9", "12", "4503599627370496");
    String fraction = draw.text(5, "0", "1", "5", "99", "00000000", "333333333");
    String exponent = draw.one("", "", "", "", "e1", "E-1", "e+12", "e-5", "e30", "e-30", "e0");
    String digits = whole.isEmpty() && fraction.isEmpty() ? "7" : whole;
    return draw.one("", "-") + digits + (fraction.isEmpty() ? "" : "." + fraction) + exponent;
  }

  /** As a JSON number where it is one, as a JSON text, and as a CSV field, each in a list, too. */
  private static List<Case> read(Set<String> texts) {
    var names = IntStream.range(0, TYPES.size()).mapToObj(i -> "c" + i).toList();
    var lists = names.stream().map(name -> "l" + name).toList();
    var columns = new ArrayList<String>(names);
    columns.addAll(lists);
    columns.addAll(List.of("t", "lt"));
    var judge = new Judge(lake, folder);
    var properties = new ArrayList<String>();
    for (int i = 0; i < TYPES.size(); i++) {
      properties.add("{name: c%d, physicalType: '%s'}".formatted(i, TYPES.get(i)));
      properties.add("{name: lc%d, physicalType: '%s[]'}".formatted(i, TYPES.get(i)));
    }
    properties.add("{name: t, physicalType: VARCHAR}, {name: lt, physicalType: 'VARCHAR[]'}");
    var records = new ArrayList<Object[]>();
    var given = new ArrayList<Case>();
    for (String text : texts) {
      boolean number = text.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?");
      if (number) {
        add(records, json(columns, text));
        given.add(new Case(text, true, List.of()));
      }
      add(records, json(columns, "\"" + text + "\""));
      given.add(new Case(text, false, List.of()));
      String list = "\"[\"\"" + text + "\"\"]\"";
      records.add(
          Judge.record(
              records.size(),
              String.join(",", columns),
              columns.stream()
                  .map(name -> name.startsWith("l") ? list : "\"" + text + "\"")
                  .collect(joining(","))));
      given.add(new Case(text, false, List.of()));
    }
    String shown =
        columns.stream().map(name -> "CAST(" + name + " AS VARCHAR)").collect(joining(", "));
    var rows = judge.evaluate(judge.contract(String.join(", ", properties)), records, shown);
    return IntStream.range(0, rows.size())
        .mapToObj(
            i ->
                new Case(
                    given.get(i).text(),
                    given.get(i).number(),
                    rows.get(i).stream().map(value -> Objects.toString(value, "")).toList()))
        .toList();
  }

  private static void add(List<Object[]> records, String payload) {
    records.add(Judge.record(records.size(), null, payload));
  }

  private static String json(List<String> columns, String value) {
    return columns.stream()
        .map(name -> "\"%s\": %s".formatted(name, name.startsWith("l") ? "[" + value + "]" : value))
        .collect(joining(", ", "{", "}"));
  }

  private static String element(String list) {
    return list.isEmpty() ? "" : list.substring(1, list.length() - 1);
  }

  private static String shown(String read, String type) {
    return read.isEmpty() ? "" : value(kept(new BigDecimal(read), type));
  }

  private static String value(String read) {
    return read.isEmpty() ? "" : new BigDecimal(read).stripTrailingZeros().toString();
  }

  /** Empty where the text must be refused. */
  private static String oracle(String text, String type) {
    if (!text.matches("[ -~]*")) {
      return "";
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      return "";
    }
    boolean held =
        switch (type) {
          case "INTEGER" -> isWithin(number, 31);
          case "BIGINT" -> isWithin(number, 63);
          case "DOUBLE" -> shows(new BigDecimal(finite(number.doubleValue())), number);
          case "FLOAT" -> shows(new BigDecimal(finite(number.floatValue())), number);
          default -> {
            String[] size = type.replaceAll("[^0-9,]", "").split(",", -1);
            int scale = Integer.parseInt(size[1]);
            yield Math.max(number.stripTrailingZeros().scale(), 0) <= scale
                && number.abs().compareTo(BigDecimal.TEN.pow(Integer.parseInt(size[0]) - scale))
                    < 0;
          }
        };
    return held ? value(kept(number, type)) : "";
  }

  private static String kept(BigDecimal number, String type) {
    return switch (type) {
      case "DOUBLE" -> Double.toString(number.doubleValue());
      case "FLOAT" -> Float.toString(number.floatValue());
      default -> number.toPlainString();
    };
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }

  private static boolean isWithin(BigDecimal number, int bits) {
    var power = BigDecimal.TWO.pow(bits);
    return number.stripTrailingZeros().scale() <= 0
        && number.compareTo(power) < 0
        && number.compareTo(power.negate()) >= 0;
  }

  /** Whether {@code held}, shown with as many digits as were sent, is what was sent. */
  private static boolean shows(BigDecimal held, BigDecimal sent) {
    if (sent.signum() == 0) {
      return true;
    }
    int digits = sent.stripTrailingZeros().precision();
    return held.round(new MathContext(digits, RoundingMode.HALF_EVEN)).compareTo(sent) == 0;
  }
}
