package dev.lode.cli;

import java.nio.file.Path;
import java.util.List;

/** Reads one kind of declaration strictly; each layer brings its own, and Main passes them in. */
public interface Checker {
  /** What it checks, as a folder of conf/: {@code contracts}. */
  String what();

  /**
   * One sentence per problem, with file, line and the nearest known key; empty when all is well.
   *
   * @param data what is kept where the declarations are at work; null where there is nothing
   */
  List<String> problems(Path conf, Path data);
}
