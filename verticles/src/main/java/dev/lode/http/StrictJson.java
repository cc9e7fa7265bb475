package dev.lode.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lode.codecs.Failure;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON in and out. In: an object, with no key twice, nothing after it, and no number that only
 * exhausts memory. Out: money as plain decimals, times as ISO-8601, records in snake_case.
 */
final class StrictJson {
  private static final int SCALE_MAX = 400;
  private static final Pattern DUPLICATE =
      Pattern.compile("(?i)^duplicate \\S+ ?\\S* (['\"].*['\"])$");

  /** Names of the parser's own. */
  private static final Pattern CODE = Pattern.compile("`|[A-Z]{2,}[-_][A-Z]|[a-z]\\.[a-z]|Feature");

  /** What a parser says of the text itself, without what it would take instead. */
  private static final Pattern SAID =
      Pattern.compile(
          "^(Unexpected (close marker|character) \\(?'.{1,2}'|Unrecognized token '[^']{1,80}'|"
              + "Illegal unquoted character|Illegal character|Invalid numeric value|"
              + "Unrecognized character escape|Invalid UTF-8|Non-standard token '[^']{1,20}')");

  private static final ObjectMapper IN =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectMapper OUT =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private StrictJson() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Buffer body) {
    Object value = read(body);
    if (!(value instanceof Map)) {
      throw Failure.invalid("Invalid body: it is no JSON object");
    }
    check(value);
    return (Map<String, Object>) value;
  }

  private static Object read(Buffer body) {
    try {
      return IN.readValue(body.getBytes(), Object.class);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String place =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw Failure.invalid("Malformed JSON" + place + ": " + reason(e));
    } catch (IOException e) {
      throw Failure.invalid("Malformed JSON: it is not UTF-8");
    }
  }

  /** In the words of JSON, not of the parser, whose own name its classes and settings. */
  private static String reason(JsonProcessingException e) {
    String said = String.valueOf(e.getOriginalMessage());
    var duplicate = DUPLICATE.matcher(said);
    if (duplicate.find()) {
      return "the name " + duplicate.group(1) + " is given twice";
    }
    return switch (e) {
      case StreamConstraintsException tooMuch -> "it is nested too deeply, or has too long a part";
      case JsonEOFException end -> "it ends too early";
      case MismatchedInputException other when said.startsWith("No content") -> "it is empty";
      case MismatchedInputException other -> "something follows the object";
      default -> {
        var first = SAID.matcher(said);
        boolean isPlain = !CODE.matcher(said).find();
        yield isPlain ? said : first.find() ? first.group() : "it is not JSON";
      }
    };
  }

  private static void check(Object value) {
    switch (value) {
      case Map<?, ?> map -> map.values().forEach(StrictJson::check);
      case List<?> list -> list.forEach(StrictJson::check);
      case BigDecimal number when Math.abs((long) number.scale()) > SCALE_MAX ->
          throw Failure.invalid("Invalid number: its exponent is beyond " + SCALE_MAX);
      case null, default -> {}
    }
  }

  static Buffer write(Object value) {
    try {
      return Buffer.buffer(OUT.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write an answer as JSON", e);
    }
  }
}
