package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 4180, against an encoder of its own. */
class CsvTest {
  @TempDir static Path folder;
  private static Lake lake;

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @Test
  void readsWhatWasWritten() {
    RandomCases.check(
        100,
        random -> random.list(1, 200, () -> random.list(1, 8, () -> field(random))),
        records -> {
          var lines = records.stream().map(CsvTest::line).toList();

          assertThat(fields(lines)).isEqualTo(records);
        });
  }

  private static String field(RandomCases random) {
    return random.text(6, "a", " ", ",", "\"", "\n", "\r", "\t", "é", "€", "😀", "'", ";", "\\");
  }

  /** Quotes where it must, and sometimes where it need not. */
  private static String line(List<String> fields) {
    return fields.stream()
        .map(
            field ->
                field.matches("(?s).*[,\"\n\r].*") || field.length() == 3
                    ? '"' + field.replace("\"", "\"\"") + '"'
                    : field)
        .collect(Collectors.joining(","));
  }

  @Test
  void keepsAQuoteInsideAFieldThatDoesNotBeginWithOne() {
    assertThat(fields(List.of("5\" nail,x"))).containsExactly(List.of("5\" nail", "x"));
  }

  @Test
  void findsQuotesThatDoNotPairUp() {
    assertThat(fields(List.of("\"open,x", "\"a\"b,x", "a,\"", "\"\"\",x")))
        .containsExactly(null, null, null, null);
  }

  @Test
  void keepsEmptyFields() {
    assertThat(fields(Arrays.asList("", ",", "\"\",", ",,a")))
        .containsExactly(List.of(""), List.of("", ""), List.of("", ""), List.of("", "", "a"));
  }

  private static List<Object> fields(List<String> lines) {
    try (Session session = lake.session()) {
      var rows = new ArrayList<Object[]>();
      for (int i = 0; i < lines.size(); i++) {
        rows.add(new Object[] {i, lines.get(i)});
      }
      session.load("lines", "i INTEGER, line VARCHAR", rows);
      return session
          .query("SELECT " + Csv.fields("line") + " FROM lines ORDER BY i", lines.size())
          .rows()
          .stream()
          .map(row -> row.getFirst())
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
