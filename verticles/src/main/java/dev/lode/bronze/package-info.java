/**
 * The layer that keeps every byte: an append is answered after its commit, and a committed record
 * is never changed. One owner per table gathers appends while its last group commits. The records
 * of a keyed body land in order of position, each exactly once, whatever is repeated, interleaved
 * or killed: what has landed is read back from the table itself. A key belongs to one body: what
 * comes again is compared, record by record and in order, with the hashes of what landed, before
 * anything new lands behind it; the last record of a whole body says how many it has.
 */
package dev.lode.bronze;
