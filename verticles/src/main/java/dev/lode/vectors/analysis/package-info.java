/**
 * How a text becomes words that can be found again, by language. The same analysis makes the words
 * of an index and of a query; each has a name that changes whenever its words may, and an index
 * keeps the words of each in a field of that name, so that two are never compared.
 */
package dev.lode.vectors.analysis;
