/**
 * The embedded store: one Lucene index per namespace and tenant, in a folder of its own, holding
 * vectors, words and metadata. Documents and checkpoint are committed together, so a crash falls
 * back to a state that was whole. Beside the analysis of words, the only importer of Lucene.
 */
package dev.lode.vectors.lucene;
