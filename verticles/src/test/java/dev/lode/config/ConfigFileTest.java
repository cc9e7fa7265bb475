package dev.lode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final Path SHIPPED = Path.of("../conf/lode.yaml");

  @TempDir Path folder;

  record Door(String host, int port, Span patience, DataSize most) {}

  @Test
  void readsTheConfigurationThatShips() {
    LodeConfig config = ConfigFile.readWhole(SHIPPED, LodeConfig.class);
    assertThat(config.tenants()).containsExactly("default");
    assertThat(config.bronze().groupTime().duration()).isEqualTo(Duration.ofMillis(15));
    assertThat(config.ingest().lineMax().bytes()).isEqualTo(1 << 20);
  }

  @Test
  void refusesAnUnknownKeyWithItsPlaceAndTheNearestKnownOne() throws IOException {
    Path file = write("host: a\nprot: 1\npatience: 5s\nmost: 1MB\n");
    assertThatThrownBy(() -> ConfigFile.readWhole(file, Door.class))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage("Invalid configuration: " + file + ":2: unknown key prot (did you mean port?)");
  }

  @Test
  void refusesAFileThatLeavesAKeyOut() throws IOException {
    Path file = write("host: a\npatience: 5s\nmost: 1MB\n");
    assertThatThrownBy(() -> ConfigFile.readWhole(file, Door.class))
        .hasMessageContaining("port: missing (every key of the shipped file is needed)");
  }

  @Test
  void refusesADurationWithoutItsUnit() throws IOException {
    Path file = write("host: a\nport: 1\npatience: 5\nmost: 1MB\n");
    assertThatThrownBy(() -> ConfigFile.readWhole(file, Door.class))
        .hasMessageContaining(":3: patience: Invalid duration: 5 (write 20ms, 5s, 10m, 24h, 30d)");
  }

  @Test
  void refusesAKeyThatIsGivenTwice() throws IOException {
    Path file = write("host: a\nhost: b\nport: 1\npatience: 5s\nmost: 1MB\n");
    assertThatThrownBy(() -> ConfigFile.readWhole(file, Door.class))
        .hasMessageContaining("Duplicate field 'host'");
  }

  @Test
  void readsSizesInPowersOf1024() {
    assertThat(DataSize.parse("2GB").bytes()).isEqualTo(2L << 30);
    assertThat(DataSize.parse("512 kb").bytes()).isEqualTo(512 << 10);
    assertThatThrownBy(() -> DataSize.parse("12 parsecs"))
        .hasMessage("Invalid size: 12 parsecs (write 512KB, 64MB, 2GB)");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("door.yaml"), yaml);
  }
}
