package dev.lode.silver.contract;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.YamlFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The contracts of a folder: all of its YAML files. */
public final class Contracts {
  private final Map<Path, Contract> contracts = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Contracts(Path folder) {
    files(folder).forEach(this::add);
    unique("Silver table", Contract::table);
    histories();
  }

  /** All of them; INVALID_CONFIG names every problem. A folder that is not there holds none. */
  public static List<Contract> read(Path folder) {
    return read(folder, contract -> List.of());
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param further finds what else is wrong with a contract that was read
   */
  public static List<Contract> read(Path folder, Function<Contract, List<String>> further) {
    var read = new Contracts(folder);
    read.look(further);
    if (!read.problems.isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, String.join("\n", read.problems));
    }
    return List.copyOf(read.contracts.values());
  }

  /**
   * Every problem, one a line; empty where all is well.
   *
   * @param further finds what else is wrong with a contract that was read
   */
  public static List<String> check(Path folder, Function<Contract, List<String>> further) {
    var read = new Contracts(folder);
    read.look(further);
    return List.copyOf(read.problems);
  }

  private void look(Function<Contract, List<String>> further) {
    contracts.forEach(
        (file, contract) ->
            further.apply(contract).forEach(problem -> problems.add(file + ": " + problem)));
  }

  private static List<Path> files(Path folder) {
    try {
      return YamlFiles.in(folder);
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + folder + ": " + e);
    }
  }

  private void add(Path file) {
    try {
      contracts.put(file, ContractReader.read(file));
    } catch (Failure e) {
      problems.addAll(e.getMessage().lines().toList());
    }
  }

  private void histories() {
    contracts.forEach(
        (file, contract) ->
            contracts.values().stream()
                .filter(other -> other.history() && other.historyTable().equals(contract.table()))
                .forEach(
                    other ->
                        problems.add(
                            "%s: Silver table %s is the history of %s"
                                .formatted(file, contract.table(), other.table()))));
  }

  private void unique(String what, Function<Contract, Object> of) {
    var first = new HashMap<Object, Path>();
    contracts.forEach(
        (file, contract) -> {
          var other = first.putIfAbsent(of.apply(contract), file);
          if (other != null) {
            problems.add(
                "%s: %s %s has a contract already: %s"
                    .formatted(file, what, of.apply(contract), other.getFileName()));
          }
        });
  }
}
