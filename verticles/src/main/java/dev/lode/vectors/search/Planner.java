package dev.lode.vectors.search;

/**
 * Decides how the nearest are found, so that recall stays at 0.99 or above and time is least. An
 * exact scan reads the whole vectors of what the filter keeps; a sieve scans their small codes and
 * rescores what comes through; the graph is asked only where both would take too long. On vectors
 * without structure a graph finds, in the same time, a tenth of what a sieve does.
 *
 * @param scanMax vectors that a sieve may go through; of more, the graph is asked
 * @param efSearch candidates of a graph search
 */
public record Planner(int scanMax, int efSearch) {
  /** Whole vectors read faster than a sieve begins to pay. */
  private static final int FEW = 1000;

  /** Beyond the graph's reach, whole vectors may be read in the time of a full sieve. */
  private static final int EXACT_COST = 10;

  /** Rescoring more than this many times the hits finds no more of them. */
  private static final int SURPLUS = 3;

  private static final int SURPLUS_MIN = 40;

  /** How to search. */
  public enum Way {
    EXACT,
    SIEVE,
    GRAPH
  }

  /**
   * @param candidates to be rescored with whole vectors; for EXACT, the hits
   */
  public record Plan(Way way, int candidates) {}

  /**
   * @param kept documents that the filter keeps
   * @param total documents in the index
   * @param topK hits wanted
   */
  public Plan plan(int kept, int total, int topK) {
    int hits = Math.min(topK, kept);
    if (kept <= FEW) {
      return new Plan(Way.EXACT, hits);
    }
    int surplus = Math.min(kept, Math.max(SURPLUS * hits, hits + SURPLUS_MIN));
    if (sieves(total)) {
      return new Plan(Way.SIEVE, surplus);
    }
    return kept <= scanMax / EXACT_COST
        ? new Plan(Way.EXACT, hits)
        : new Plan(Way.GRAPH, Math.min(kept, Math.max(efSearch, surplus)));
  }

  /** Whether an index of this size may be sieved. */
  public boolean sieves(int total) {
    return total > FEW && total <= scanMax;
  }
}
