package dev.lode.cli;

/**
 * A call, or work in this process, that did not succeed: what could not be done, and what to do
 * about it.
 */
public final class Refused extends RuntimeException {
  /** Nothing was sent: nobody listens there. */
  public static final int UNREACHED = 0;

  /** The connection broke on the way: it may or may not have been done. */
  public static final int BROKEN = -1;

  /** Nobody was called: this process could not. */
  public static final int HERE = -2;

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String hint;

  /** {@code status} as HTTP has it, or one of the constants. */
  public Refused(int status, String detail, String hint) {
    super(detail);
    this.status = status;
    this.hint = hint;
  }

  public int status() {
    return status;
  }

  /** Empty where there is none. */
  public String hint() {
    return hint;
  }

  /** Whether nothing was done, and the same call may succeed after a pause. */
  public boolean isBusy() {
    return status == UNREACHED || status == 429 || status == 502 || status == 503 || status == 504;
  }
}
