/**
 * Whether a SELECT's rows of a key depend on that key's input rows alone, and on nothing else than
 * rows: proven from the engine's syntax tree, so that what is brought up to date key by key is what
 * computing it from all rows would give. What is not known to be so is not proven; a form that this
 * package has never heard of is one of those.
 */
package dev.lode.proof;
