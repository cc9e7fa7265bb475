package dev.lode.silver.contract;

import java.util.List;

/** Something that a contract asks of its records. Names are unique within a contract. */
public sealed interface Rule {
  String id();

  OnFail onFail();

  /** ODCS: accuracy, completeness, conformity, consistency, coverage, timeliness, uniqueness. */
  String dimension();

  Threshold threshold();

  /** Judged record by record. {@code property} is null for a condition over several. */
  record Row(
      String id, String property, Check check, OnFail onFail, String dimension, Threshold threshold)
      implements Rule {}

  /** Fails every record after the first whose {@code properties} equal an earlier one's. */
  record Duplicate(
      String id, List<String> properties, OnFail onFail, String dimension, Threshold threshold)
      implements Rule {
    public Duplicate {
      properties = List.copyOf(properties);
    }
  }

  /**
   * One number about the accepted records of a run, in the form that Silver keeps them.
   *
   * @param query ODCS's SQL, {@code {object}} standing for the records; null to count the rows of
   *     the table
   */
  record Whole(String id, String query, OnFail onFail, String dimension, Threshold threshold)
      implements Rule {}
}
