package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NdjsonSplitterTest {

  @Test
  void saysWhatIsWrongInTheWordsOfJsonAlone() {
    assertThat(Collected.of(NdjsonSplitter::new, "{\"a\": NaN}\n").defects)
        .containsExactly("1 malformed: Non-standard token 'NaN' (column 10)");
  }

  @Test
  void takesLinesWithAndWithoutReturnAndTheLastOneWithoutEnd() {
    assertThat(split("{\"a\":1}\n{\"b\":2}\r\n{\"c\":3}").records)
        .containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
  }

  @Test
  void leavesOutTheByteOrderMarkAndBlankLinesButCountsThem() {
    Collected split = split("\uFEFF\n\n \t\r\n{}\n[1]\n\n");
    assertThat(split.records).containsExactly("{}", "[1]");
    assertThat(split.defects).containsExactly("5 malformed: a record must be a JSON object");
  }

  @Test
  void keepsBytesExactly() {
    String odd = "  {\"a\" : 1.0e+2 ,\"a\":\"\u00e9\\u00e9\"}\t";
    assertThat(split(odd + "\n").records).containsExactly(odd);
    assertThat(split(odd + "\n").defects).isEmpty();
  }

  @Test
  void saysWhatIsMalformedAndWhere() {
    assertThat(split("{\"a\":}\n{\"a\":1}\n{\"a\":1\n{}{}\nnot json\n{\"a\":\"x\ty\"}\n").defects)
        .containsExactly(
            "1 malformed: Unexpected character ('}' (code 125)): expected a value (column 6)",
            "3 malformed: Unexpected end-of-input: expected close marker for Object (column 7)",
            "4 malformed: one record must be one JSON object (column 3)",
            "5 malformed: Unrecognized token 'not': was expecting (JSON String, Number, Array,"
                + " Object or token 'null', 'true' or 'false') (column 5)",
            "6 malformed: Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped"
                + " using backslash to be included in string value (column 8)");
  }

  @Test
  void saysWhichByteIsNotUtf8() {
    byte[] body = "{\"a\":\"x\"}\n{\"a\":\"\u00e9\"}\n".getBytes(UTF_8);
    body[16] = 'e';
    assertThat(Collected.of(NdjsonSplitter::new, 1000, List.of(body)).defects)
        .containsExactly("2 encoding: invalid UTF-8 at byte 8");
  }

  @Test
  void cutsALineThatIsTooLongAndGoesOn() {
    byte[] body = ("{\"a\":\"" + "x".repeat(200) + "\"}\n{\"b\":1}\n").getBytes(UTF_8);
    for (int size : new int[] {1, 7, 64, body.length}) {
      Collected split = Collected.of(NdjsonSplitter::new, 20, Collected.cut(body, size));
      assertThat(split.records).containsExactly("{\"a\":\"xxxxxxxxxxxxxx", "{\"b\":1}");
      assertThat(split.defects)
          .containsExactly("1 too_long: longer than 20 bytes (ingest.line-max)");
    }
  }

  @Test
  void takesALineOfExactlyTheLimit() {
    String line = "{\"a\":\"" + "x".repeat(12) + "\"}";
    Collected split = Collected.of(NdjsonSplitter::new, 20, List.of(line.getBytes(UTF_8)));
    assertThat(split.records).containsExactly(line);
    assertThat(split.defects).isEmpty();
  }

  @Test
  void givesNothingForAnEmptyBody() {
    assertThat(split().records).isEmpty();
    assertThat(split("\uFEFF").records).isEmpty();
    assertThat(split("\n\r\n").records).isEmpty();
  }

  @Test
  void givesTheSameRecordsHoweverTheBytesAreCut() {
    String[] parts = "{}\"a:1\n\r\u00e9\uFEFF ".split("");
    RandomCases.check(
        1000,
        random -> new Case(random.text(60, parts), random.between(1, 9)),
        NdjsonSplitterTest::givesTheSameRecords);
  }

  private record Case(String body, int size) {}

  private static void givesTheSameRecords(Case drawn) {
    byte[] bytes = drawn.body().getBytes(UTF_8);
    Collected cut = Collected.of(NdjsonSplitter::new, 12, Collected.cut(bytes, drawn.size()));
    assertThat(cut).isEqualTo(Collected.of(NdjsonSplitter::new, 12, List.of(bytes)));
    Stream<String> lines = Arrays.stream(drawn.body().replaceFirst("^\uFEFF", "").split("\n"));
    assertThat(cut.records).hasSize((int) lines.filter(line -> !line.isBlank()).count());
  }

  private static Collected split(String... pieces) {
    return Collected.of(NdjsonSplitter::new, pieces);
  }
}
