package dev.lode.openapi;

import dev.lode.codecs.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.util.List;
import java.util.Map;

/** A compiled JSON Schema (2020-12) whose refusals are sentences that a caller can act on. */
public final class Schema {
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("urn:lode:")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final Map<String, Object> json;
  private final Validator validator;

  private Schema(Map<String, Object> json) {
    this.json = json;
    var annotated = new JsonObject(Json.shown(json, Integer.MAX_VALUE));
    this.validator = Validator.create(JsonSchema.of(annotated), OPTIONS);
  }

  /** {@code json} must hold no {@code $ref}. */
  static Schema of(Map<String, Object> json) {
    return new Schema(dev.lode.codecs.Values.copy(json));
  }

  /** The schema itself, as JSON values. */
  public Map<String, Object> json() {
    return json;
  }

  /**
   * The object as its handler will read it, or an INVALID_REQUEST that names the place, the value
   * and what it must be: {@code Invalid top_k: 0 (must be 1..1000)}. What strict function calling
   * makes of arguments is taken too: null for what is not given, JSON text for a free object.
   */
  public Map<String, Object> checked(Map<String, Object> value) {
    var usual = Json.object(Usual.form(json, value));
    refuse(usual);
    return usual;
  }

  /** A parameter, read from its text by its type. */
  public Object parsed(String name, String text) {
    Object value = Usual.scalar(json, text);
    try {
      refuse(value);
    } catch (Failure failure) {
      throw Failure.invalid(failure.getMessage().replaceFirst("value", name));
    }
    return value;
  }

  private void refuse(Object value) {
    var verdict = validator.validate(wrapped(value));
    if (!Boolean.TRUE.equals(verdict.getValid())) {
      throw Failure.invalid(Complaint.about(json, value, verdict.getErrors()));
    }
  }

  @SuppressWarnings("unchecked")
  private static Object wrapped(Object value) {
    return switch (value) {
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
      case List<?> list -> new JsonArray(list);
      case null, default -> value;
    };
  }
}
