package dev.lode;

import dev.lode.cli.Checker;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.features.ViewSql;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.gold.MartSql;
import dev.lode.gold.Marts;
import dev.lode.silver.ContractSql;
import dev.lode.silver.ContractTables;
import dev.lode.silver.HmacKey;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.LakeOptions;
import dev.lode.tables.SchemaCheck;
import dev.lode.tables.Session;
import dev.lode.vectors.VectorSpecs;
import dev.lode.vectors.VectorSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Everything under conf/ that can be wrong before a start: each layer checks what it reads. */
final class Checks {

  private Checks() {}

  private record Check(String what, BiFunction<Path, Path, List<String>> check) implements Checker {
    @Override
    public List<String> problems(Path conf, Path data) {
      return check.apply(conf, data);
    }
  }

  static List<Checker> all() {
    return List.of(
        new Check("lode.yaml", (conf, data) -> limits(conf)),
        new Check("contracts", Checks::contracts),
        new Check("marts", (conf, data) -> marts(conf)),
        new Check("vectors", (conf, data) -> VectorSpecs.problems(conf.resolve("vectors"))),
        new Check("features", (conf, data) -> FeatureCatalog.problems(conf.resolve("features"))),
        new Check("columns", (conf, data) -> inEmptyLake((lake, scratch) -> columns(conf, lake))));
  }

  private static List<String> limits(Path conf) {
    try {
      LodeConfig.read(conf.resolve("lode.yaml"));
      return List.of();
    } catch (Failure e) {
      return List.of(e.getMessage());
    }
  }

  private static List<String> contracts(Path conf, Path data) {
    return inEmptyLake(
        (lake, scratch) -> {
          var sql = new ContractSql(lake, HmacKey.load("generated", scratch));
          try (SchemaCheck kept = kept(conf, data)) {
            return Contracts.check(
                conf.resolve("contracts"),
                contract -> {
                  var problems = new ArrayList<>(sql.problems(contract));
                  if (kept != null) {
                    problems.addAll(ContractTables.problems(contract, kept::refusals, kept::note));
                  }
                  return problems;
                });
          }
        });
  }

  /** The tables that are there; null where there are none. */
  private static SchemaCheck kept(Path conf, Path data) {
    if (data == null || !limits(conf).isEmpty()) {
      return null;
    }
    var config = LodeConfig.read(conf.resolve("lode.yaml"));
    boolean embedded = config.catalog().isEmbedded();
    return embedded && !Files.isRegularFile(data.resolve(DataDirectory.CATALOG))
        ? null
        : SchemaCheck.of(DataDirectory.lake(data, config, Clock.systemUTC()));
  }

  private static List<String> marts(Path conf) {
    return inEmptyLake(
        (lake, scratch) -> {
          try (Session session = lake.session()) {
            return Marts.read(conf.resolve("marts"), session, Declarations.tables(sound(conf)))
                .problems();
          }
        });
  }

  /** Contracts, where all of them are fine: what is wrong is told elsewhere. */
  private static List<Contract> sound(Path conf) {
    try {
      return Contracts.read(conf.resolve("contracts"), contract -> List.of());
    } catch (Failure toldElsewhere) {
      return List.of();
    }
  }

  /** Whether what is made from tables finds its columns, where every file is fine by itself. */
  private static List<String> columns(Path conf, Lake lake) {
    Declarations declared;
    try {
      declared = Declarations.read(conf, lake);
    } catch (Failure toldElsewhere) {
      return List.of();
    }
    declared.contracts().forEach(contract -> ContractTables.ensure(lake, contract));
    var problems = new ArrayList<String>();
    problems.addAll(new MartSql(lake).problems(conf.resolve("marts"), declared.marts()));
    problems.addAll(new VectorSql(lake).problems(conf.resolve("vectors"), declared.vectors()));
    problems.addAll(new ViewSql(lake).problems(conf.resolve("features"), declared.features()));
    return problems;
  }

  /** SQL is read by the engine, over a lake that is gone afterwards. */
  private static List<String> inEmptyLake(BiFunction<Lake, Path, List<String>> check) {
    try {
      Path scratch = Files.createTempDirectory("lode-check-");
      var options =
          new LakeOptions(
              "jdbc:sqlite:" + scratch.resolve("catalog.db"),
              scratch.resolve("warehouse").toUri().toString(),
              scratch.resolve("engine"),
              "256MB",
              1,
              0,
              0,
              0,
              1,
              Duration.ofSeconds(1),
              false,
              Clock.systemUTC());
      try (Lake lake = Lake.open(options)) {
        return check.apply(lake, scratch);
      } finally {
        delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a scratch folder", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
