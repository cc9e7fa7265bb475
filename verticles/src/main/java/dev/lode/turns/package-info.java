/** When a layer works at what it owns: {@link dev.lode.turns.Turns}. */
package dev.lode.turns;
