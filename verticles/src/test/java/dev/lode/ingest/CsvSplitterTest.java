package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
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

  @Property(tries = 300)
  void givesBackWhatWasWrittenHoweverTheBytesAreCut(
      @ForAll @From("rows") List<List<String>> rows, @ForAll @IntRange(min = 1, max = 9) int size) {
    List<String> lines =
        rows.stream()
            .map(row -> row.stream().map(CsvSplitterTest::quoted).collect(Collectors.joining(",")))
            .toList();
    byte[] body = ("h1,h2,h3\r\n" + String.join("\r\n", lines)).getBytes(UTF_8);
    Collected split = Collected.of(CsvSplitter::new, 1000, Collected.cut(body, size));
    assertThat(split.records).isEqualTo(lines);
    assertThat(split.defects).isEmpty();
  }

  @Property(tries = 1000)
  void givesTheSameRecordsHoweverTheBytesAreCut(
      @ForAll @From("soup") String body,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 1, max = 30) int lineMax) {
    byte[] bytes = body.getBytes(UTF_8);
    assertThat(Collected.of(CsvSplitter::new, lineMax, Collected.cut(bytes, size)))
        .isEqualTo(Collected.of(CsvSplitter::new, lineMax, List.of(bytes)));
  }

  @Property(tries = 1000)
  void losesNoByteButLineEnds(@ForAll @From("soup") String body) {
    Collected split = split(body);
    String kept = (split.header == null ? "" : split.header) + String.join("", split.records);
    assertThat(kept.replaceAll("[\r\n]", "")).isEqualTo(body.replaceAll("[\r\n]", ""));
  }

  @Provide
  Arbitrary<List<List<String>>> rows() {
    return Arbitraries.strings()
        .withChars("ab,\"\r\n\u00e9 ")
        .ofMaxLength(6)
        .list()
        .ofSize(3)
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> soup() {
    return Arbitraries.strings().withChars("a,\"\n\r").ofMaxLength(30);
  }

  private static String quoted(String field) {
    boolean plain = field.chars().allMatch(c -> c == 'a' || c == 'b' || c == ' ' || c == '\u00e9');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private static Collected split(String... pieces) {
    return Collected.of(CsvSplitter::new, pieces);
  }
}
