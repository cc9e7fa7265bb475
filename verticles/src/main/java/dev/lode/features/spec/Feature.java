package dev.lode.features.spec;

/** One value of a view, and how it comes about. */
public record Feature(String name, ValueType type, String description, Origin origin) {

  /** How a value comes about. */
  public sealed interface Origin {}

  /** The source's own column, or an expression over its columns. */
  public record Column(String expression) implements Origin {}

  /**
   * Over the entity's source rows: those up to and at the row's time, or those of a window. A
   * window at T is [round_down(T - window, hop), T).
   *
   * @param of an expression over the source's columns; null for {@code count} of rows
   * @param windowMicros 0 for all rows so far
   */
  public record Aggregate(Function function, String of, long windowMicros, long hopMicros)
      implements Origin {
    public boolean windowed() {
      return windowMicros > 0;
    }
  }

  /** What an aggregate makes of its rows. */
  public enum Function {
    SUM,
    COUNT,
    COUNT_DISTINCT,
    MIN,
    MAX
  }

  /** An expression over the view's aggregates. */
  public record Derived(String expression) implements Origin {}

  /** {@code of / by}, rounded half away from zero to the feature's scale, exactly. */
  public record Ratio(Feature of, Feature by) implements Origin {}

  /** Whole calendar days in UTC from a stored time to the time of the read; never stored. */
  public record DaysSince(Feature since) implements Origin {}

  /** Is in the tables, rather than computed at each read. */
  public boolean stored() {
    return !(origin instanceof DaysSince);
  }
}
