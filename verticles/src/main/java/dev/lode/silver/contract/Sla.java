package dev.lode.silver.contract;

import java.time.Duration;

/**
 * A promise about time.
 *
 * @param element the column that tells a record's time, for freshness; null for the contract's
 *     event time, or when it was taken in where there is none
 */
public record Sla(String id, Kind kind, Duration limit, String element) {

  /**
   * FRESHNESS: age of the newest record. LATENCY: from taken in to readable in Silver, of the
   * record of a run that waited longest: a load in bulk is part of it.
   */
  public enum Kind {
    FRESHNESS,
    LATENCY
  }
}
