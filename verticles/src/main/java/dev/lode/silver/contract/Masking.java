package dev.lode.silver.contract;

/**
 * How a value is kept from those who read Silver.
 *
 * @param keepFirst characters at the start that stay readable, for {@link Method#MASK}
 * @param keepLast characters at the end that stay readable, for {@link Method#MASK}
 */
public record Masking(Method method, int keepFirst, int keepLast) {
  public static final Masking KEEP = new Masking(Method.KEEP, 0, 0);

  /** Named in contracts in lower case. */
  public enum Method {
    /** As it is. */
    KEEP,
    /** All but a few characters become stars; a text too short for that becomes all stars. */
    MASK,
    /** HMAC-SHA256 in hex. */
    HASH,
    /** A short stand-in made from the HMAC: equal values have equal tokens. */
    TOKENIZE,
    /** Nothing of it is kept. */
    REDACT
  }

  /** Whether the value must not be seen. */
  public boolean hides() {
    return method != Method.KEEP;
  }

  /** Whether the HMAC key is needed. */
  public boolean keyed() {
    return method == Method.HASH || method == Method.TOKENIZE;
  }
}
