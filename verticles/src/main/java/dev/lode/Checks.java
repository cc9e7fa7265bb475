package dev.lode;

import dev.lode.cli.Checker;
import dev.lode.codecs.Failure;
import dev.lode.config.ConfigFile;
import dev.lode.config.LodeConfig;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.gold.Marts;
import dev.lode.silver.ContractSql;
import dev.lode.silver.HmacKey;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.LakeOptions;
import dev.lode.tables.Session;
import dev.lode.vectors.VectorSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything under conf/ that can be wrong before a start: each layer checks what it reads. */
final class Checks {

  private Checks() {}

  private record Check(String what, Function<Path, List<String>> check) implements Checker {
    @Override
    public List<String> problems(Path conf) {
      return check.apply(conf);
    }
  }

  static List<Checker> all() {
    return List.of(
        new Check("lode.yaml", Checks::limits),
        new Check("contracts", Checks::contracts),
        new Check("marts", Checks::marts),
        new Check("vectors", conf -> VectorSpecs.problems(conf.resolve("vectors"))),
        new Check("features", conf -> FeatureCatalog.problems(conf.resolve("features"))));
  }

  /** A folder of declarations alone has none. */
  private static List<String> limits(Path conf) {
    Path file = conf.resolve("lode.yaml");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      ConfigFile.readWhole(file, LodeConfig.class);
      return List.of();
    } catch (Failure e) {
      return List.of(e.getMessage());
    }
  }

  private static List<String> contracts(Path conf) {
    return inEmptyLake(
        (lake, scratch) -> {
          var sql = new ContractSql(lake, HmacKey.load("generated", scratch));
          return Contracts.check(conf.resolve("contracts"), sql::problems);
        });
  }

  private static List<String> marts(Path conf) {
    return inEmptyLake(
        (lake, scratch) -> {
          try (Session session = lake.session()) {
            return Marts.read(conf.resolve("marts"), session::parse).problems();
          }
        });
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
