package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CsvSplitterTest {

  @Test
  void keepsTheHeaderAndEachRecordExactly() {
    Collected split = split("\uFEFFid, name\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,\n\n3,x");
    assertThat(split.header).isEqualTo("id, name");
    assertThat(split.records).containsExactly("1,\"a, \"\"b\"\"\r\nc\"", "2,", "3,x");
    assertThat(split.defects).isEmpty();
  }

  @Test
  void readsAHeaderThatBeginsWithAQuoteBehindAByteOrderMark() {
    Collected split = split("\uFEFF\"a,b\",c\n1,2\n");
    assertThat(split.header).isEqualTo("\"a,b\",c");
    assertThat(split.defects).isEmpty();
  }

  @Test
  void endsLinesByReturnsAloneWhereTheHeaderDoes() {
    byte[] body = "a,b\r1,\"x\ry\"\r2,z\r3\r".getBytes(UTF_8);
    for (int size = 1; size <= body.length; size++) {
      Collected split = Collected.of(CsvSplitter::new, 1000, Collected.cut(body, size));
      assertThat(split.header).isEqualTo("a,b");
      assertThat(split.records).containsExactly("1,\"x\ry\"", "2,z", "3");
      assertThat(split.defects).containsExactly("4 malformed: 1 fields (the header has 2)");
    }
    assertThat(split("a,b\n1,x\ry\n").records).containsExactly("1,x\ry");
  }

  @Test
  void givesNothingForAnEmptyBodyOrAHeaderAlone() {
    assertThat(split().header).isNull();
    assertThat(split("\n").header).isNull();
    assertThat(split("a,b").header).isEqualTo("a,b");
    assertThat(split("a,b").records).isEmpty();
  }

  @Test
  void tellsOfAWrongNumberOfFields() {
    assertThat(split("a,b,c\n1,2,3\n1,2\n\"x\ny\",2,3\n1,2,3,4\n").defects)
        .containsExactly(
            "3 malformed: 2 fields (the header has 3)", "6 malformed: 4 fields (the header has 3)");
  }

  @Test
  void tellsOfTextBehindAClosingQuote() {
    assertThat(split("a,b\n1,\"x\"y\n").defects)
        .containsExactly("2 malformed: text after the closing quote of field 2");
  }

  @Test
  void takesAQuoteInsideAPlainFieldAsText() {
    Collected split = split("a,b\n1,5\" PLATE\n2,x\n");
    assertThat(split.records).containsExactly("1,5\" PLATE", "2,x");
    assertThat(split.defects).isEmpty();
  }

  @Test
  void losesOneLineAloneWhenAQuoteIsNeverClosed() {
    byte[] body = "a,b\n1,\"x\n2,y\n3,\"\"\n4,z".getBytes(UTF_8);
    for (int size = 1; size <= body.length; size++) {
      Collected split = Collected.of(CsvSplitter::new, 1000, Collected.cut(body, size));
      assertThat(split.records).containsExactly("1,\"x", "2,y", "3,\"\"", "4,z");
      assertThat(split.defects).containsExactly("2 malformed: the quote of field 2 is not closed");
    }
  }

  @Test
  void goesOnWhenAnOpenQuotePassesTheLimit() {
    String good = "1,abcdef\n".repeat(10);
    byte[] body = ("a,b\n0,\"x\n" + good + "9,z\n").getBytes(UTF_8);
    for (int size = 1; size <= body.length; size++) {
      Collected split = Collected.of(CsvSplitter::new, 30, Collected.cut(body, size));
      assertThat(split.records).hasSize(12).startsWith("0,\"x", "1,abcdef").endsWith("9,z");
      assertThat(split.defects).containsExactly("2 malformed: the quote of field 2 is not closed");
    }
  }

  @Test
  void cutsARecordThatIsTooLongAndGoesOn() {
    for (String quote : List.of("", "\"")) {
      byte[] body = ("a,b\n0," + quote + "x".repeat(90) + quote + "\n1,y\n").getBytes(UTF_8);
      for (int size = 1; size <= body.length; size++) {
        Collected split = Collected.of(CsvSplitter::new, 20, Collected.cut(body, size));
        assertThat(split.records).hasSize(2).contains("1,y");
        assertThat(split.records.getFirst()).hasSize(20);
        assertThat(split.defects)
            .containsExactly("2 too_long: longer than 20 bytes (ingest.line-max)");
      }
    }
  }

  @Test
  void tellsInEveryRecordThatTheHeaderCannotBeRead() {
    assertThat(split("a,\"b\n1,2\n").defects)
        .containsExactly(
            "2 malformed: the header cannot be read: the quote of field 2 is not closed");
  }

  @Test
  void givesBackWhatWasWrittenHoweverTheBytesAreCut() {
    String[] parts = "ab,\"\r\n\u00e9 ".split("");
    RandomCases.check(
        1000,
        random -> {
          Supplier<List<String>> row = () -> random.list(3, 3, () -> random.text(6, parts));
          return new Written(random.list(0, 6, row), random.between(1, 9));
        },
        CsvSplitterTest::givesBackWhatWasWritten);
  }

  private record Written(List<List<String>> rows, int size) {}

  private static void givesBackWhatWasWritten(Written drawn) {
    List<String> lines =
        drawn.rows().stream()
            .map(row -> row.stream().map(CsvSplitterTest::quoted).collect(Collectors.joining(",")))
            .toList();
    byte[] body = ("h1,h2,h3\r\n" + String.join("\r\n", lines)).getBytes(UTF_8);
    Collected split = Collected.of(CsvSplitter::new, 1000, Collected.cut(body, drawn.size()));
    assertThat(split.records).isEqualTo(lines);
    assertThat(split.defects).isEmpty();
  }

  @Test
  void givesTheSameRecordsHoweverTheBytesAreCut() {
    RandomCases.check(
        1000,
        random -> new Soup(soup(random), random.between(1, 9), random.between(1, 30)),
        drawn -> {
          byte[] bytes = drawn.body().getBytes(UTF_8);
          List<byte[]> pieces = Collected.cut(bytes, drawn.size());
          assertThat(Collected.of(CsvSplitter::new, drawn.lineMax(), pieces))
              .isEqualTo(Collected.of(CsvSplitter::new, drawn.lineMax(), List.of(bytes)));
        });
  }

  private record Soup(String body, int size, int lineMax) {}

  @Test
  void losesNoByteButLineEnds() {
    RandomCases.check(
        1000,
        CsvSplitterTest::soup,
        body -> {
          Collected split = split(body);
          String kept = (split.header == null ? "" : split.header) + String.join("", split.records);
          assertThat(kept.replaceAll("[\r\n]", "")).isEqualTo(body.replaceAll("[\r\n]", ""));
        });
  }

  private static String soup(RandomCases random) {
    return random.text(30, "a", ",", "\"", "\n", "\r");
  }

  private static String quoted(String field) {
    boolean plain = field.chars().allMatch(c -> c == 'a' || c == 'b' || c == ' ' || c == '\u00e9');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private static Collected split(String... pieces) {
    return Collected.of(CsvSplitter::new, pieces);
  }
}
