/**
 * Texts into vectors: pieces that the embedder reads whole, counted with its own tokenizer, and one
 * vector of length one for each. The same text always gives the same vector, whatever is embedded
 * beside it.
 */
package dev.lode.vectors.text;
