package dev.lode.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells whether bytes are one JSON object. Duplicate keys are the contract's business. */
final class JsonRecord {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRecord() {}

  /** Why not, with the column; null if they are. */
  static String malformed(byte[] payload) {
    try (JsonParser parser = JSON.createParser(payload)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        return first == null ? "a record is missing" : "a record must be a JSON object";
      }
      int depth = 1;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0) {
          return "one record must be one JSON object" + place(parser.currentTokenLocation());
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
      return null;
    } catch (JsonProcessingException e) {
      return reason(e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read bytes in memory", e);
    }
  }

  private static String reason(JsonProcessingException e) {
    // What the parser could be told to allow is nobody's business outside.
    String message = e.getOriginalMessage().replaceAll(":? ?\\(?enable `[^`]*`.*$", "");
    int marker = message.indexOf(" (start marker at");
    return (marker < 0 ? message : message.substring(0, marker)) + place(e.getLocation());
  }

  private static String place(JsonLocation at) {
    if (at == null) {
      return "";
    }
    String line = at.getLineNr() > 1 ? "line " + at.getLineNr() + " of the record, " : "";
    return " (" + line + "column " + at.getColumnNr() + ")";
  }
}
