package dev.lode.cli;

import java.nio.file.Path;

/** The folder that holds {@code conf/} and, unless told otherwise, {@code data/}. */
public final class Home {

  private Home() {}

  /** As the launcher says; the working directory where there was no launcher. */
  public static Path path() {
    return Path.of(System.getProperty("lode.home", "."));
  }
}
