/**
 * The door: bodies come in as bytes cut anywhere and leave as records, each with its exact bytes,
 * its position, and its defect if it cannot be read; a bad record never stops the good ones. What a
 * body holds in memory is bounded whatever its size: one open record, one open chunk, and the
 * chunks in flight to Bronze. An answer is given only after the Bronze commit.
 */
package dev.lode.ingest;
