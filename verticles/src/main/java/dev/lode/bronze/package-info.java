/**
 * The layer that keeps every byte: an append is answered after its commit, and a committed record
 * is never changed. One owner per table gathers appends while its last group commits. The records
 * of a keyed body land in order of position, each exactly once, whatever is repeated, interleaved
 * or killed: what has landed is read back from the table itself.
 */
package dev.lode.bronze;
