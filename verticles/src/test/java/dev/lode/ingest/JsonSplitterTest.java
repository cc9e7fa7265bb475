package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.RandomCases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSplitterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void takesEachElementWithItsExactBytes() {
    assertThat(split(" [ {\"a\" : [1,{\"b\":\"]},{\\\"\"}]} ,\n{} ]\n").records)
        .containsExactly("{\"a\" : [1,{\"b\":\"]},{\\\"\"}]}", "{}");
  }

  @Test
  void takesOneObjectAlone() {
    Collected split = split("\uFEFF\r\n{\"a\":\n [1]}\n");
    assertThat(split.records).containsExactly("{\"a\":\n [1]}");
    assertThat(split.defects).isEmpty();
  }

  @Test
  void givesNothingForAnEmptyArrayOrBody() {
    assertThat(split("[ ]").records).isEmpty();
    assertThat(split(" \n").records).isEmpty();
    assertThat(split().records).isEmpty();
  }

  @Test
  void goesOnBehindAMalformedElement() {
    Collected split = split("[{\"a\":1},\n{\"a\":},\n{\"a\":3}, 4, \"x,y\", null,\n[5]]");
    assertThat(split.records)
        .containsExactly("{\"a\":1}", "{\"a\":}", "{\"a\":3}", "4", "\"x,y\"", "null", "[5]");
    assertThat(split.defects)
        .hasSize(5)
        .anyMatch(defect -> defect.startsWith("2 malformed: Unexpected character ('}'"))
        .contains(
            "3 malformed: a record must be a JSON object",
            "4 malformed: a record must be a JSON object");
  }

  @Test
  void tellsTheLineInsideARecordOfSeveral() {
    assertThat(split("[{},\n{\n \"a\":1,\n \"b\" 2}]").defects)
        .containsExactly(
            "2 malformed: Unexpected character ('2' (code 50)): was expecting a colon to separate"
                + " field name and value (line 3 of the record, column 6)");
  }

  @Test
  void tellsOfMissingElementsAndCommas() {
    Collected split = split("[{\"a\":1},,{\"a\":2} {\"a\":3},]");
    assertThat(split.records).containsExactly("{\"a\":1}", "", "{\"a\":2}", "{\"a\":3}", "");
    assertThat(split.defects)
        .containsExactly(
            "1 malformed: an element is missing before ','",
            "1 malformed: a comma is missing before this element",
            "1 malformed: an element is missing before ']'");
  }

  @Test
  void keepsWhatComesBehindTheEnd() {
    Collected split = split("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    assertThat(split.records).containsExactly("{\"a\":1}", "{\"a\":2}\n{\"a\":3}\n");
    assertThat(split.defects)
        .containsExactly("2 malformed: content after the end of the JSON body");
  }

  @Test
  void tellsOfABodyThatEndsTooEarly() {
    assertThat(split("[{\"a\":1},\n{\"a\":").defects)
        .containsExactly(
            "2 malformed: Unexpected end-of-input within/between Object entries (column 6)");
    assertThat(split("[{\"a\":1}\n").defects)
        .containsExactly("2 malformed: the array is not closed");
    assertThat(split("[").defects).containsExactly("1 malformed: the array is not closed");
  }

  @Test
  void keepsWhatIsNoJsonAtAll() {
    Collected split = split("hello, world");
    assertThat(split.records).containsExactly("hello", ", world");
    assertThat(split.defects).hasSize(2);
  }

  @Test
  void cutsAnElementThatIsTooLongAndGoesOn() {
    byte[] body = ("[{\"a\":\"" + "x".repeat(200) + "\"},{\"b\":1}]").getBytes(UTF_8);
    for (int size : new int[] {1, 7, 64, body.length}) {
      Collected split = Collected.of(JsonSplitter::new, 20, Collected.cut(body, size));
      assertThat(split.records).containsExactly("{\"a\":\"xxxxxxxxxxxxxx", "{\"b\":1}");
      assertThat(split.defects)
          .containsExactly("1 too_long: longer than 20 bytes (ingest.line-max)");
    }
  }

  @Test
  void givesTheSameRecordsHoweverTheBytesAreCut() {
    RandomCases.check(
        1000,
        Case::of,
        drawn -> {
          byte[] bytes = drawn.body().getBytes(UTF_8);
          assertThat(Collected.of(JsonSplitter::new, 12, Collected.cut(bytes, drawn.size())))
              .isEqualTo(Collected.of(JsonSplitter::new, 12, List.of(bytes)));
        });
  }

  @Test
  void agreesWithAParserOfWholeBodies() {
    RandomCases.check(5000, Case::of, JsonSplitterTest::agreesWithAParser);
  }

  private static void agreesWithAParser(Case drawn) throws JsonProcessingException {
    String body = drawn.body();
    byte[] bytes =
        ("[{\"k\":[" + JSON.writeValueAsString(body) + "]} , " + body + "]").getBytes(UTF_8);
    Collected split = Collected.of(JsonSplitter::new, 1000, Collected.cut(bytes, drawn.size()));
    JsonNode whole = parsed(bytes);
    if (whole == null) {
      assertThat(split.defects).isNotEmpty();
      return;
    }
    var elements = new ArrayList<JsonNode>();
    for (String record : split.records) {
      elements.add(JSON.readTree(record));
    }
    var expected = new ArrayList<JsonNode>();
    whole.forEach(expected::add);
    assertThat(elements).isEqualTo(expected);
  }

  private static JsonNode parsed(byte[] bytes) {
    try (var parser = JSON.createParser(bytes)) {
      JsonNode tree = JSON.readTree(parser);
      return parser.nextToken() == null ? tree : null;
    } catch (IOException e) {
      return null;
    }
  }

  private record Case(String body, int size) {
    static Case of(RandomCases random) {
      String body =
          random.text(
              12,
              "{",
              "}",
              "[",
              "]",
              ",",
              ":",
              "\"",
              "\\\"",
              "\\",
              "a",
              "1",
              " ",
              "\n",
              "{}",
              "{\"a\":1}",
              "\"a\":",
              "null",
              ",{}");
      return new Case(body, random.between(1, 9));
    }
  }

  private static Collected split(String... pieces) {
    return Collected.of(JsonSplitter::new, pieces);
  }
}
