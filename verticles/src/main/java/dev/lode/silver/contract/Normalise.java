package dev.lode.silver.contract;

import java.util.List;

/** One step of making texts that mean the same equal. An empty text is no value, in any case. */
public sealed interface Normalise {
  record Trim() implements Normalise {}

  record Upper() implements Normalise {}

  record Lower() implements Normalise {}

  /** Runs of white space become one space. */
  record Collapse() implements Normalise {}

  /** Digits only. */
  record Digits() implements Normalise {}

  record StripSuffix(String suffix) implements Normalise {}

  /** These words, in any case, are no value. */
  record NullTokens(List<String> tokens) implements Normalise {
    public NullTokens {
      tokens = List.copyOf(tokens);
    }
  }
}
