package dev.lode.proof;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** What of a SELECT stands in the way of a proof, and what to write instead. */
public final class Unproven extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long place;

  /**
   * @param node of the syntax tree
   */
  Unproven(Map<String, Object> node, String reason, String instead) {
    super(
        requireNonNull(reason, "reason is null") + (instead.isEmpty() ? "" : ": " + instead),
        null,
        false,
        false);
    this.place = node.get("query_location") instanceof Number number ? number.longValue() : -1;
  }

  /** Bytes of the SELECT before it; negative where that is not known. */
  public long place() {
    return place;
  }
}
