package dev.lode.codecs;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * A failure that the caller can act on: a code from the catalogue, a sentence that says what could
 * not be done, why and the value, and a hint at what to do. Never a stack trace.
 */
public final class Failure extends ReplyException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String hint;

  public Failure(ErrorCode code, String message) {
    this(code, message, code.hint());
  }

  public Failure(ErrorCode code, String message, String hint) {
    super(ReplyFailure.RECIPIENT_FAILURE, code.number(), message, true);
    this.code = code;
    this.hint = hint;
  }

  /** A caller's mistake; most failures are one. */
  public static Failure invalid(String message) {
    return new Failure(ErrorCode.INVALID_REQUEST, message);
  }

  /** The message, for a list of which each entry is a line. */
  public String oneLine() {
    return getMessage().replaceAll("\\s*\\n\\s*", " ");
  }

  public ErrorCode code() {
    return code;
  }

  public String hint() {
    return hint;
  }
}
