/**
 * From a key to the rows that have it, without files: what an upsert looks up and what it decides.
 * A key is 103 bits of a secretly seeded 128-bit hash. Two different keys of a table share them
 * with a probability of (keys ever looked up) x (rows) / 2^103: after 10^12 upserts into 10^7 rows
 * one in 10^12, which is less than the errors of the memory that would hold the keys; the seed
 * keeps anyone from making such keys on purpose.
 */
package dev.lode.tables.keys;
