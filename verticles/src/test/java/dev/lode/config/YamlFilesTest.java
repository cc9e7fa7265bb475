package dev.lode.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.features.spec.FeatureCatalog;
import dev.lode.silver.contract.Contracts;
import dev.lode.vectors.VectorSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFilesTest {
  private static final Path CONF = Path.of("../conf");

  @TempDir Path folder;

  @Test
  void readsEveryKindOfDeclarationWithBothEndings() throws IOException {
    for (String kind : List.of("contracts", "vectors", "features")) {
      Path other = Files.createDirectories(folder.resolve(kind));
      for (Path file : YamlFiles.in(CONF.resolve(kind))) {
        Files.copy(file, other.resolve(YamlFiles.stem(file) + ".yml"));
      }
    }
    assertThat(Contracts.read(folder.resolve("contracts")))
        .isNotEmpty()
        .isEqualTo(Contracts.read(CONF.resolve("contracts")));
    assertThat(VectorSpecs.read(folder.resolve("vectors")))
        .isNotEmpty()
        .isEqualTo(VectorSpecs.read(CONF.resolve("vectors")));
    assertThat(FeatureCatalog.load(folder.resolve("features")).views())
        .isNotEmpty()
        .isEqualTo(FeatureCatalog.load(CONF.resolve("features")).views());
  }

  @Test
  void refusesANamespaceThatIsThereWithBothEndings() throws IOException {
    Path shipped = CONF.resolve("vectors/products.yaml");
    Path file = Files.copy(shipped, folder.resolve("products.yaml"));
    Files.copy(shipped, folder.resolve("products.yml"));
    assertThat(VectorSpecs.problems(folder))
        .contains("Cannot tell which to read: " + file + " or products.yml (keep one)");
  }
}
