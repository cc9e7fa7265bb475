package dev.lode.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Values;
import java.util.List;
import java.util.Map;

/** Reads SQL by the engine's own parser, which executes nothing. */
final class SqlParser {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private SqlParser() {}

  static Statement parse(Workspace workspace, String sql) {
    Map<String, Object> answer =
        json(workspace.query("SELECT json_serialize_sql(?)::VARCHAR", 1, sql).single());
    if (Boolean.TRUE.equals(answer.get("error"))) {
      String message = String.valueOf(answer.get("error_message"));
      if (message.startsWith("Max expression depth")) {
        throw refuse("it is nested too deeply");
      }
      if (message.startsWith("Only SELECT")) {
        throw refuse("it is no SELECT");
      }
      throw refuse(message + EnginePlace.ofByte(answer.get("position"), sql));
    }
    var statements = (List<?>) answer.get("statements");
    if (statements.size() != 1) {
      throw refuse("it holds %d statements (must be one SELECT)".formatted(statements.size()));
    }
    @SuppressWarnings("unchecked")
    var tree = Values.copy((Map<String, Object>) statements.getFirst());
    var read = new SyntaxTree(tree);
    return new Statement(read.tables(), read.functions(), tree);
  }

  private static Failure refuse(String why) {
    return new Failure(ErrorCode.SQL_REFUSED, "Cannot run the SQL: " + why);
  }

  private static Map<String, Object> json(Object text) {
    try {
      return JSON.readValue((String) text, TREE);
    } catch (StreamConstraintsException e) {
      throw refuse("it is nested too deeply");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The engine's syntax tree is not JSON", e);
    }
  }
}
