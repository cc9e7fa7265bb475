package dev.lode.gold;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.proof.Proof;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The marts of a directory, each after those that it reads, and all that is wrong with them.
 *
 * @param marts only those without problems
 * @param broken the first problem of each of the others, by name; none where the marts form a cycle
 */
public record Marts(List<Mart> marts, List<String> problems, Map<String, String> broken) {

  private static final Logger LOG = LoggerFactory.getLogger(Marts.class);

  public Marts {
    marts = List.copyOf(marts);
    problems = List.copyOf(problems);
    broken = Map.copyOf(broken);
  }

  /** These, without those that are broken; INVALID_CONFIG where no mart alone is to blame. */
  public Marts sound() {
    if (broken.isEmpty()) {
      orThrow();
    }
    broken.forEach((name, why) -> LOG.error("gold." + name + " is not made: " + why));
    return this;
  }

  /** As {@link #read(Path, Session, Proof.Tables)}, where nothing is known of other tables. */
  public static Marts read(Path directory, Session session) {
    return read(directory, session, Proof.Tables.UNKNOWN);
  }

  /**
   * Reads all {@code *.sql} of {@code directory}; a directory that is not there holds no marts.
   *
   * @param others tables that are no marts
   */
  public static Marts read(Path directory, Session session, Proof.Tables others) {
    var found = new LinkedHashMap<TableName, Mart>();
    var readers = new LinkedHashMap<TableName, MartReader>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
      var reader = new MartReader(file.toString(), name, text(file), session::parse);
      reader.read().ifPresent(mart -> found.put(mart.table(), mart));
      readers.put(new TableName("gold", name), reader);
    }
    var dag = new Dag(found);
    var proof = new MartProof(session, others);
    var proven = new ArrayList<Mart>();
    for (Mart mart : dag.ordered()) {
      var reader = readers.get(mart.table());
      var verdict = proof.judge(mart);
      verdict.doubt().ifPresent(why -> reader.problem(why.place(), why.getMessage()));
      if (verdict.doubt().isEmpty()) {
        proven.add(mart.with(proof.nature(mart, verdict)));
      }
    }
    var problems = new ArrayList<String>();
    readers.values().forEach(reader -> problems.addAll(reader.problems()));
    if (problems.isEmpty()) {
      found.values().forEach(mart -> strangers(directory, mart, found, problems));
    }
    dag.cycle().ifPresent(cycle -> problems.add(directory + ": the marts form a cycle: " + cycle));
    var broken = new LinkedHashMap<String, String>();
    readers.forEach(
        (table, reader) ->
            reader.problems().stream()
                .findFirst()
                .ifPresent(first -> broken.put(table.name(), first)));
    return new Marts(proven, problems, dag.cycle().isPresent() ? Map.of() : broken);
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
