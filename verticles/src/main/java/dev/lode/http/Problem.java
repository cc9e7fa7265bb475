package dev.lode.http;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A failure as RFC 9457 tells it; the one translation of the catalogue to HTTP. */
record Problem(int status, ErrorCode code, String detail, String hint) {
  static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPE = "urn:lode:problem:";

  static Problem of(Failure failure) {
    return new Problem(
        status(failure.code()), failure.code(), failure.getMessage(), failure.hint());
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST, SQL_REFUSED -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case TABLE_NOT_FOUND,
          TOOL_NOT_FOUND,
          NAMESPACE_NOT_FOUND,
          FEATURE_NOT_FOUND,
          TENANT_UNKNOWN,
          NOT_FOUND ->
          404;
      case METHOD_NOT_ALLOWED -> 405;
      case BODY_SLOW -> 408;
      case WATERMARK_MOVED, COMMIT_CONFLICT -> 409;
      case LIMIT_EXCEEDED -> 413;
      case UNSUPPORTED_MEDIA -> 415;
      case INVALID_CONFIG, KEY_REUSED -> 422;
      case OWNER_BUSY -> 429;
      case OWNER_ABSENT, BACKEND_DOWN, FENCED -> 503;
      case DEADLINE_PASSED -> 504;
      case INTERNAL -> 500;
    };
  }

  /** Whether the same request may succeed after a pause. */
  boolean passes() {
    return code.kind() == ErrorCode.Kind.BUSY || code.kind() == ErrorCode.Kind.UNAVAILABLE;
  }

  Map<String, Object> json(String instance, String traceId) {
    String name = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    var json = new LinkedHashMap<String, Object>();
    json.put("type", TYPE + name);
    json.put("title", name.replace('-', ' '));
    json.put("status", status);
    json.put("detail", detail);
    json.put("instance", instance);
    json.put("code", code.name());
    json.put("hint", hint);
    json.put("trace_id", traceId);
    return json;
  }
}
