package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  @TempDir private Path conf;

  @BeforeEach
  void aConfigurationWithADemo() throws IOException {
    Files.writeString(conf.resolve("lode.yaml"), "");
    Files.createDirectories(conf.resolve("marts"));
    Files.createDirectories(conf.resolve("demo/marts"));
    Files.writeString(conf.resolve("demo/marts/a.sql"), "");
  }

  /** Finds a problem in every folder whose name ends as told. */
  private static Checker finding(String ending) {
    return new Checker() {
      @Override
      public String what() {
        return "marts";
      }

      @Override
      public List<String> problems(Path conf, Path data) {
        return conf.endsWith(ending) ? List.of(conf + "/marts/a.sql:1: no key") : List.of();
      }
    };
  }

  @Test
  void countsTheFilesThatAreFine() {
    var shell = new Shell(finding("nowhere"));
    assertThat(shell.run("check", "--conf", conf.toString())).isZero();
    assertThat(shell.out()).isEqualTo("✓ 2 files are fine\n");
  }

  @Test
  void namesEachProblemOfTheDemoToo() {
    var shell = new Shell(finding("demo"));
    assertThat(shell.run("check", "--conf", conf.toString())).isEqualTo(1);
    assertThat(shell.out())
        .isEqualTo("✗ " + conf.resolve("demo/marts/a.sql") + ":1: no key\n1 problem\n");
  }

  @Test
  void refusesAFolderWithoutConfiguration() {
    var shell = new Shell(finding("nowhere"));
    assertThat(shell.run("check", "--conf", conf.resolve("demo/marts").toString())).isEqualTo(1);
    assertThat(shell.run("check", "--conf", conf.resolve("none").toString())).isEqualTo(1);
    assertThat(shell.err())
        .isEqualTo(
            ("Cannot check %s: it holds neither lode.yaml nor contracts/ or other declarations\n"
                    + "Cannot check %s: there is no such folder\n")
                .formatted(conf.resolve("demo/marts"), conf.resolve("none")));
  }

  @Test
  void needsNoLimitsWhereThereAreDeclarations() {
    var shell = new Shell(finding("nowhere"));
    assertThat(shell.run("check", "--conf", conf.resolve("demo").toString())).isZero();
    assertThat(shell.out()).isEqualTo("✓ 1 files are fine\n");
  }
}
