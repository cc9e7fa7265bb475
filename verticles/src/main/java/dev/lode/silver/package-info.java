/**
 * From what came to what is meant: each Bronze table with a contract becomes a Silver table, typed,
 * checked, masked, deduplicated. The owner of a Bronze table does all of it, so nobody else writes
 * its Silver table, its quarantine and its deletions.
 *
 * <p>Silver's own watermark is the only truth about progress. Rejected records are written to
 * quarantine first, by lineage id, and Silver moves its watermark last, with the data: after a
 * crash between the two the same records are judged again and quarantined again without doubling,
 * and the first run after a start takes out of quarantine what now passes. Only runs with rejected
 * records pay for the second commit. Quality results are gathered and written after Silver, behind
 * a watermark of their own; what a crash lost of them is judged again. A deletion leaves a
 * tombstone (key, place in the source's order), written before the row goes, so that a late update
 * cannot bring the row back.
 */
package dev.lode.silver;
