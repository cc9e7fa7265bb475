package dev.lode.gold;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Statement;
import dev.lode.tables.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The marts of a directory, each after those that it reads, and all that is wrong with them.
 *
 * @param marts only those without problems
 */
public record Marts(List<Mart> marts, List<String> problems) {

  public Marts {
    marts = List.copyOf(marts);
    problems = List.copyOf(problems);
  }

  /**
   * Reads all {@code *.sql} of {@code directory}; a directory that is not there holds no marts.
   *
   * @param parser {@code Session::parse}
   */
  public static Marts read(Path directory, Function<String, Statement> parser) {
    var found = new LinkedHashMap<TableName, Mart>();
    var problems = new ArrayList<String>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
      var reader = new MartReader(file.toString(), name, text(file), parser);
      reader.read().ifPresent(mart -> found.put(mart.table(), mart));
      problems.addAll(reader.problems());
    }
    if (problems.isEmpty()) {
      found.values().forEach(mart -> strangers(directory, mart, found, problems));
    }
    var dag = new Dag(found);
    dag.cycle().ifPresent(cycle -> problems.add(directory + ": the marts form a cycle: " + cycle));
    return new Marts(dag.ordered(), problems);
  }

  /** The marts, or INVALID_CONFIG with every problem. */
  public List<Mart> orThrow() {
    if (!problems.isEmpty()) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG, "Invalid marts:\n  " + String.join("\n  ", problems));
    }
    return marts;
  }

  private static void strangers(
      Path directory, Mart mart, Map<TableName, Mart> found, List<String> problems) {
    var names = found.keySet().stream().map(TableName::toString).toList();
    for (TableName input : mart.inputs()) {
      if (input.layer().equals("gold") && !found.containsKey(input)) {
        problems.add(
            directory.resolve(mart.name() + ".sql")
                + ": reads "
                + input
                + ", which is no mart"
                + MartReader.meant(input.toString(), names));
      }
    }
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot list " + directory + ": " + e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + file + ": " + e);
    }
  }
}
