package dev.lode.silver.contract;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The contracts of a folder: all of its {@code *.yaml} files. */
public final class Contracts {

  private Contracts() {}

  /** All of them; INVALID_CONFIG names every problem. A folder that is not there holds none. */
  public static List<Contract> read(Path folder) {
    var problems = new ArrayList<String>();
    var contracts = read(folder, problems);
    if (!problems.isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, String.join("\n", problems));
    }
    return contracts;
  }

  /** Every problem, one a line, without a lake; empty where all is well. */
  public static List<String> check(Path folder) {
    var problems = new ArrayList<String>();
    read(folder, problems);
    return problems;
  }

  private static List<Contract> read(Path folder, List<String> problems) {
    var contracts = new ArrayList<Contract>();
    var files = new HashMap<Contract, Path>();
    for (Path file : files(folder)) {
      try {
        var contract = ContractReader.read(file);
        contracts.add(contract);
        files.put(contract, file);
      } catch (Failure e) {
        problems.addAll(e.getMessage().lines().toList());
      }
    }
    unique(contracts, files, "Silver table", Contract::table, problems);
    unique(contracts, files, "upstream", Contract::upstream, problems);
    return contracts;
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + folder + ": " + e);
    }
  }

  private static void unique(
      List<Contract> contracts,
      Map<Contract, Path> files,
      String what,
      Function<Contract, Object> of,
      List<String> problems) {
    var first = new HashMap<Object, Contract>();
    for (var contract : contracts) {
      var other = first.putIfAbsent(of.apply(contract), contract);
      if (other != null) {
        problems.add(
            "%s: %s %s has a contract already: %s"
                .formatted(
                    files.get(contract), what, of.apply(contract), files.get(other).getFileName()));
      }
    }
  }
}
