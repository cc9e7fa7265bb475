package dev.lode.cli;

/** Starts the composed server; given by Main, which alone knows every layer. */
@FunctionalInterface
public interface Launch {
  /** Returns when it is ready to answer; throws a sentence that says why it cannot. */
  Server start(Settings settings);
}
