package dev.lode.codecs;

/** What went wrong, by a number that is never reused, and by what the caller may do about it. */
public enum ErrorCode {
  INVALID_REQUEST(1, Kind.CALLER, "Correct the named value and call again."),
  TABLE_NOT_FOUND(2, Kind.CALLER, "List what exists with the list_datasets tool."),
  TOOL_NOT_FOUND(3, Kind.CALLER, "GET /v1/tools lists every tool with its schema."),
  NAMESPACE_NOT_FOUND(4, Kind.CALLER, "GET /v1/dashboard lists the vector namespaces."),
  FEATURE_NOT_FOUND(5, Kind.CALLER, "GET /v1/dashboard lists the feature views and services."),
  SQL_REFUSED(6, Kind.CALLER, "Use one SELECT over datasets that list_datasets names."),
  LIMIT_EXCEEDED(7, Kind.CALLER, "Ask for less, or raise the limit in conf/lode.yaml."),
  UNAUTHENTICATED(8, Kind.CALLER, "Send an API key: Authorization: Bearer <key>."),
  FORBIDDEN(9, Kind.CALLER, "Use a key whose role allows this."),
  TENANT_UNKNOWN(10, Kind.CALLER, "Add the tenant to tenants in conf/lode.yaml."),
  INVALID_CONFIG(11, Kind.CALLER, "Run ./lode check; it names the file, the place and the fix."),
  NOT_FOUND(12, Kind.CALLER, "Check the id; trace_lineage takes ids from any result."),
  METHOD_NOT_ALLOWED(13, Kind.CALLER, "The Allow header names the methods."),
  UNSUPPORTED_MEDIA(14, Kind.CALLER, "Send one of the content types that the message names."),
  KEY_REUSED(
      15,
      Kind.CALLER,
      "Send the body of this Idempotency-Key as it was, or this one under a key of its own."),
  BODY_SLOW(16, Kind.CALLER, "Send the body faster, or in parts."),
  WATERMARK_MOVED(50, Kind.CONFLICT, "Nothing to do: another writer has consumed this already."),
  COMMIT_CONFLICT(51, Kind.CONFLICT, "Try again: another commit came first."),
  OWNER_BUSY(100, Kind.BUSY, "Try again after a moment."),
  DEADLINE_PASSED(101, Kind.BUSY, "Try again with more time, or ask for less."),
  OWNER_ABSENT(200, Kind.UNAVAILABLE, "This part is not deployed; see deploy in conf/lode.yaml."),
  BACKEND_DOWN(
      201, Kind.UNAVAILABLE, "Try again later; /health/ready names the part that is down."),
  FENCED(
      202,
      Kind.UNAVAILABLE,
      "Write through the process that took over; stop this one, or restart it to take over."),
  INTERNAL(1000, Kind.INTERNAL, "Report this with the trace id; the log holds the cause.");

  /** Whose turn it is: retry only BUSY and UNAVAILABLE, after a pause; CONFLICT at once. */
  public enum Kind {
    CALLER,
    CONFLICT,
    BUSY,
    UNAVAILABLE,
    INTERNAL
  }

  private final int number;
  private final Kind kind;
  private final String hint;

  ErrorCode(int number, Kind kind, String hint) {
    this.number = number;
    this.kind = kind;
    this.hint = hint;
  }

  public int number() {
    return number;
  }

  public Kind kind() {
    return kind;
  }

  /** What to do next when the failure itself knows nothing better. */
  public String hint() {
    return hint;
  }
}
