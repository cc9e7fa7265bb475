package dev.lode;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Message;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. The layers meet in codecs, and only Main knows them all. */
class ArchitectureTest {
  private static final List<String> LAYERS =
      List.of(
          "ingest",
          "bronze",
          "silver",
          "gold",
          "vectors",
          "features",
          "lineage",
          "maintenance",
          "query",
          "tools",
          "catalog",
          "backup",
          "http");

  private static final JavaClasses LODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.lode");

  static Stream<String> layers() {
    return LAYERS.stream();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerKnowsNoOtherLayer(String layer) {
    String[] others =
        Stream.concat(LAYERS.stream(), Stream.of("cli", "demo"))
            .filter(other -> !other.equals(layer))
            .map(other -> "dev.lode." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.lode." + layer + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(others).or(resideInAPackage("dev.lode")))
        .because("layers meet in codecs")
        .check(LODE);
  }

  @Test
  void codecsNeedOnlyVertxCoreAndJackson() {
    classes()
        .that()
        .resideInAPackage("dev.lode.codecs..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.lode.codecs..", "java..", "io.vertx.core..", "com.fasterxml.jackson..")
        .because("other JVM applications import them")
        .check(LODE);
  }

  @Test
  void theGroundFloorKnowsNoLayer() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.lode.tables..",
            "dev.lode.fold..",
            "dev.lode.proof..",
            "dev.lode.config..",
            "dev.lode.openapi..",
            "dev.lode.turns..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "dev.lode.tables..",
                    "dev.lode.fold..",
                    "dev.lode.proof..",
                    "dev.lode.config..",
                    "dev.lode.openapi..",
                    "dev.lode.turns..",
                    "dev.lode.codecs..")
                .or(not(resideInAPackage("dev.lode.."))))
        .check(LODE);
  }

  @Test
  void commandsSpeakOnlyHttp() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.lode.cli..", "dev.lode.demo..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.lode..")
                .and(not(resideInAnyPackage("dev.lode.cli..", "dev.lode.demo.."))))
        .because("they are clients; Main gives them the server")
        .check(LODE);
  }

  @Test
  void onlyTablesKnowsTheTableFormatAndTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lode.tables..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.iceberg..",
            "org.apache.parquet..",
            "org.apache.hadoop..",
            "org.duckdb..",
            "java.sql..",
            "javax.sql..")
        .check(LODE);
  }

  @Test
  void onlyHttpKnowsTheWebFramework() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.lode.http..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.vertx.ext.web..")
                .and(not(resideInAPackage("io.vertx.ext.web.client.."))))
        .check(LODE);
  }

  @Test
  void onlyLineageAndCommandsCallOtherServers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.lode.lineage..", "dev.lode.cli..", "dev.lode.demo..", "dev.lode")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.ext.web.client..", "java.net.http..")
        .check(LODE);
  }

  @Test
  void onlyTheBusTouchesTheEventBus() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Bus.class)
        .should()
        .callMethod(Vertx.class, "eventBus")
        .because("the Bus turns every failure into a reply")
        .check(LODE);
  }

  @Test
  void packagesHaveNoCycle() {
    slices().matching("dev.lode.(*)..").should().beFreeOfCycles().check(LODE);
  }

  @Test
  void everyMessageIsARecord() {
    classes()
        .that()
        .areAssignableTo(Message.class)
        .and()
        .areNotInterfaces()
        .should()
        .beRecords()
        .because("messages are immutable and pass by reference")
        .check(LODE);
  }

  @Test
  void everyVerticleIsCalledOne() {
    classes()
        .that()
        .areAssignableTo(VerticleBase.class)
        .should()
        .haveSimpleNameEndingWith("Verticle")
        .check(LODE);
  }
}
