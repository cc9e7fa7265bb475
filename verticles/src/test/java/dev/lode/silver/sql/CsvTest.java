package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** RFC 4180, against an encoder of its own. */
class CsvTest {
  private static Path folder;
  private static Lake lake;

  @BeforeContainer
  static void open() throws IOException {
    folder = Files.createTempDirectory("csv");
    lake = TestLake.open(folder);
  }

  @AfterContainer
  static void close() throws IOException {
    lake.close();
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Property(tries = 20)
  void readsWhatWasWritten(@ForAll("records") List<List<String>> records) {
    var lines = records.stream().map(CsvTest::line).toList();

    assertThat(fields(lines)).isEqualTo(records);
  }

  @Provide
  Arbitrary<List<List<String>>> records() {
    Arbitrary<String> field =
        Arbitraries.of("a", " ", ",", "\"", "\n", "\r", "\t", "é", "€", "😀", "'", ";", "\\")
            .list()
            .ofMaxSize(6)
            .map(parts -> String.join("", parts));
    return field.list().ofMinSize(1).ofMaxSize(8).list().ofMinSize(1).ofMaxSize(200);
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

  @Example
  void keepsAQuoteInsideAFieldThatDoesNotBeginWithOne() {
    assertThat(fields(List.of("5\" nail,x"))).containsExactly(List.of("5\" nail", "x"));
  }

  @Example
  void findsQuotesThatDoNotPairUp() {
    assertThat(fields(List.of("\"open,x", "\"a\"b,x", "a,\"", "\"\"\",x")))
        .containsExactly(null, null, null, null);
  }

  @Example
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
