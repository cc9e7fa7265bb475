package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads everything under conf/ as strictly as a start does, without starting. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Validate everything under conf/: what is wrong, where, and the nearest valid key.",
      "Where there is data, contracts are compared with its tables, too; a Lode may be running on"
          + " it."
    },
    footer = {
      "",
      "Examples:",
      "  ./lode check",
      "  ./lode check --conf /etc/lode --data /var/lib/lode"
    })
final class CheckCommand implements Callable<Integer> {
  @Option(names = "--conf", paramLabel = "DIR", description = "The folder (default: conf/).")
  private Path conf;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:LODE_DATA:-" + Option.NULL_VALUE + "}",
      description = "What there is already (default: $LODE_DATA, or data/ beside the launcher).")
  private Path data;

  private final List<Checker> checkers;
  private final Terminal terminal;

  CheckCommand(List<Checker> checkers, Terminal terminal) {
    this.checkers = List.copyOf(checkers);
    this.terminal = requireNonNull(terminal, "terminal is null");
  }

  @Override
  public Integer call() throws IOException {
    Path root = conf == null ? Home.path().resolve("conf") : conf;
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException("Cannot check " + root + ": there is no such folder");
    }
    if (!holdsDeclarations(root) && !holdsLimits(root)) {
      throw new IllegalArgumentException(
          "Cannot check %s: it holds neither lode.yaml nor contracts/ or other declarations"
              .formatted(root));
    }
    var problems = new ArrayList<String>();
    Path kept = data == null ? Home.path().resolve("data") : data;
    for (Path folder : folders(root)) {
      Path own = folder.equals(root) && Files.isDirectory(kept) ? kept : null;
      checkers.forEach(checker -> problems.addAll(checker.problems(folder, own)));
    }
    problems.forEach(problem -> terminal.out().println(terminal.red("✗ ") + problem));
    if (problems.isEmpty()) {
      terminal.out().println(terminal.green("✓ ") + files(root) + " files are fine");
    } else {
      terminal.out().println(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
    }
    return problems.isEmpty() ? 0 : 1;
  }

  /** The folder itself, and those below that hold declarations of their own, as demo/ does. */
  private List<Path> folders(Path root) throws IOException {
    var folders = new ArrayList<>(List.of(root));
    try (Stream<Path> below = Files.list(root)) {
      below
          .filter(Files::isDirectory)
          .filter(this::holdsDeclarations)
          .sorted()
          .forEach(folders::add);
    }
    return folders;
  }

  private boolean holdsDeclarations(Path folder) {
    return checkers.stream().anyMatch(kind -> Files.isDirectory(folder.resolve(kind.what())));
  }

  private static boolean holdsLimits(Path folder) {
    return Stream.of("lode.yaml", "lode.yml").map(folder::resolve).anyMatch(Files::isRegularFile);
  }

  private static long files(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
