package dev.lode.silver.contract;

import java.math.BigDecimal;
import java.util.List;

/** What a row rule looks for in one record. */
public sealed interface Check {

  /** Schema and range checks keep a record out, format checks flag it, business checks warn. */
  default OnFail usualOnFail() {
    return switch (this) {
      case Malformed _, UnknownOperation _, Unordered _, Unreadable _, RangeOutside _ ->
          OnFail.QUARANTINE;
      case Ambiguous _, Unmatched _, UnknownField _ -> OnFail.QUARANTINE;
      case NotMultipleOf _, Condition _ -> OnFail.WARN;
      case Missing _, Among _, NotAmong _, NotMatching _, LengthOutside _, LocalTime _ ->
          OnFail.FLAG;
    };
  }

  /** As ODCS names dimensions of quality. */
  default String usualDimension() {
    return switch (this) {
      case Unordered _ -> "timeliness";
      case Missing _, Among _ -> "completeness";
      case RangeOutside _, NotMultipleOf _, Condition _ -> "accuracy";
      case Malformed _, UnknownOperation _, Unreadable _ -> "conformity";
      case Ambiguous _, Unmatched _, UnknownField _ -> "conformity";
      case NotAmong _, NotMatching _, LengthOutside _, LocalTime _ -> "conformity";
    };
  }

  /**
   * The record cannot be read at all: Bronze says so, or it is neither JSON nor fits its header.
   */
  record Malformed() implements Check {}

  /** A name is there twice, or could be either of two columns. */
  record Ambiguous() implements Check {}

  /** None of its names is known. */
  record Unmatched() implements Check {}

  /** It has a name that no column takes. */
  record UnknownField() implements Check {}

  /** The change event is neither an insert, an update nor a delete. */
  record UnknownOperation() implements Check {}

  /** Nothing tells whether the record is newer than another of its key. */
  record Unordered() implements Check {}

  /** The record has no value. */
  record Missing() implements Check {}

  /** The record has a value, and it is none of the column's type. */
  record Unreadable() implements Check {}

  /** The value is one of these words, compared without regard to case. */
  record Among(List<String> words) implements Check {
    public Among {
      words = List.copyOf(words);
    }
  }

  /** The value is none of these. */
  record NotAmong(List<String> values) implements Check {
    public NotAmong {
      values = List.copyOf(values);
    }
  }

  /** The text does not match, anywhere in it, as ECMA-262 and ODCS have it. */
  record NotMatching(String pattern) implements Check {}

  /** Bounds in characters; null for open. */
  record LengthOutside(Integer minimum, Integer maximum) implements Check {}

  /** Inclusive and exclusive bounds as the contract writes them; null for open. */
  record RangeOutside(
      String minimum, String maximum, String exclusiveMinimum, String exclusiveMaximum)
      implements Check {}

  /** The text tells a local time that clocks skipped or showed twice: one moment was chosen. */
  record LocalTime() implements Check {}

  record NotMultipleOf(BigDecimal factor) implements Check {}

  /** A condition in SQL over the contract's columns; true where the record fails. */
  record Condition(String sql) implements Check {}
}
