/**
 * The online store: per view, tenant and entity the row that answers now, and the rows that will.
 * The greatest (event time, created, sequence) wins, in whatever order rows arrive and however
 * often; a row is no candidate before its event time and before it was recorded. Rows come from the
 * offline table alone, so the store can be thrown away and built again.
 */
package dev.lode.features.online;
