package dev.lode.silver.contract;

import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of a record that fails a rule. By default: schema and range rules quarantine, format
 * rules flag, business rules warn, freshness alerts.
 */
public enum OnFail {
  /** Kept out of Silver, with its reason. */
  QUARANTINE,
  /** Kept, and the rule's name is in {@code _flags}. */
  FLAG,
  /** As {@link #FLAG}: business saw something that may well be right. */
  WARN,
  /** Kept and not marked; the run is reported. */
  ALERT;

  /** As contracts and quality results write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the rule's name is put into {@code _flags}. */
  public boolean marks() {
    return this == FLAG || this == WARN;
  }

  static Optional<OnFail> of(String word) {
    for (OnFail onFail : values()) {
      if (onFail.word().equals(word)) {
        return Optional.of(onFail);
      }
    }
    return Optional.empty();
  }
}
