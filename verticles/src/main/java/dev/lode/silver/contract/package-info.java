/**
 * Contracts in the form of the Open Data Contract Standard 3.1, read strictly into what Silver
 * needs of them. Pure: no lake, no bus. A contract is either wholly understood or refused, with
 * every problem named by file, place and nearest known word; Lode's own settings are {@code
 * customProperties}, and an unknown one is refused, because a misspelt {@code masking} must never
 * let a value through unmasked.
 */
package dev.lode.silver.contract;
