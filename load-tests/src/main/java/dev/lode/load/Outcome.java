package dev.lode.load;

import java.math.BigDecimal;
import java.util.SortedMap;

/**
 * What became of all sales.
 *
 * @param total money of the accepted ones
 * @param failed how many broke each rule that any broke
 */
record Outcome(long accepted, long rejected, BigDecimal total, SortedMap<String, Long> failed) {}
