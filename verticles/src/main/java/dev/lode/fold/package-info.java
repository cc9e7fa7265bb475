/**
 * Incremental view maintenance: a SELECT that groups rows of one table is answered from what its
 * aggregates were before and the rows that changed since, instead of from all rows again. The
 * aggregates are the engine's own states, kept in its memory; what cannot be kept so is computed
 * from the rows, as if this package were not there.
 */
package dev.lode.fold;
