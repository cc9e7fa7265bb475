package dev.lode.silver.contract;

/**
 * What a column of times takes, and how it reads what a text leaves open.
 *
 * @param firstYear what lies before is unreadable
 * @param lastYear what lies after is unreadable
 * @param gap of a local time that was skipped when clocks went forward
 * @param overlap of a local time that came twice when clocks went back
 * @param cuts whether digits finer than a microsecond are left out, not refused
 */
public record Times(int firstYear, int lastYear, Choice gap, Choice overlap, boolean cuts) {
  private static final int FIRST_YEAR = 1000;
  private static final int LAST_YEAR = 9999;

  /** Within these, no count of one unit since 1970 can be taken for one of another. */
  private static final int FIRST_EPOCH_YEAR = 1971;

  private static final int LAST_EPOCH_YEAR = 2261;

  /** Of two moments that a local time can mean. */
  public enum Choice {
    EARLIER,
    LATER,
    REFUSE
  }

  /** As they are where nothing is declared: JDK's choice where the zone has such times. */
  public static Times usual(boolean epoch, boolean shifts) {
    return new Times(
        epoch ? FIRST_EPOCH_YEAR : FIRST_YEAR,
        epoch ? LAST_EPOCH_YEAR : LAST_YEAR,
        shifts ? Choice.LATER : Choice.REFUSE,
        shifts ? Choice.EARLIER : Choice.REFUSE,
        false);
  }

  /** The same with one choice for both kinds of local time. */
  public Times choosing(Choice choice) {
    return new Times(firstYear, lastYear, choice, choice, cuts);
  }

  /** Whether some local time is read as one of two moments. */
  public boolean chooses() {
    return gap != Choice.REFUSE || overlap != Choice.REFUSE;
  }
}
