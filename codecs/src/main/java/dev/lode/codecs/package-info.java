/**
 * The messages are the architecture: every address, fact and record that crosses the bus, one
 * sealed protocol file per owner; and {@link dev.lode.codecs.Bus}, which carries them with types,
 * deadlines and trace context. Other JVM applications depend on this package alone.
 */
package dev.lode.codecs;
