package dev.lode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  private static final Path SHIPPED = Path.of("../conf/lode.yaml");

  @TempDir Path folder;

  record Door(String host, int port, Span patience, DataSize most, List<String> keys, Room room) {}

  record Room(DataSize freeMin, double share, boolean strict) {}

  @Test
  void readsTheConfigurationThatShips() {
    LodeConfig config = LodeConfig.read(SHIPPED);
    assertThat(config.tenants()).containsExactly("default");
    assertThat(config.bronze().groupTime().duration()).isEqualTo(Duration.ofMillis(15));
    assertThat(config.ingest().lineMax().bytes()).isEqualTo(1 << 20);
  }

  private static final String DEFAULTS =
      """
      host: a
      port: 1
      patience: 5s
      most: 1MB
      keys: [x]
      room: {free-min: 1MB, share: 0.5, strict: true}
      """;

  private Door read(String yaml) throws IOException {
    return ConfigFile.readOver(DEFAULTS, write(yaml), Door.class);
  }

  @Test
  void takesFromTheDefaultsWhatTheFileLeavesOut() throws IOException {
    assertThat(read("room:\n  share: 0.25\nkeys: [y, z]\n"))
        .isEqualTo(
            new Door(
                "a",
                1,
                Span.parse("5s"),
                DataSize.parse("1MB"),
                List.of("y", "z"),
                new Room(DataSize.parse("1MB"), 0.25, true)));
    Door shipped = ConfigFile.readOver(DEFAULTS, folder.resolve("none.yaml"), Door.class);
    assertThat(shipped.port()).isEqualTo(1);
    assertThat(List.of(read(""), read("# none\n"), read("room:\n  # share: 1\n")))
        .containsOnly(shipped);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prot: 2 | 1: unknown key prot (did you mean port?)",
        "host: b/room:/  # why/  shrae: 1 | 4: unknown key room.shrae (did you mean share?)",
        "share: 1 | 1: unknown key share (did you mean room.share, a key below a section?)",
        "room.share: 1"
            + " | 1: unknown key room.share (did you mean room.share, a key below a section?)",
        "zzzzzz: 1" + " | 1: unknown key zzzzzz (known: host, keys, most, patience, port, room)",
        "host: b/patience: 5"
            + " | 2: patience: Invalid duration: 5 (write 20ms, 5s, 10m, 24h, 30d)",
        "host: b/port: x | 2: port: Invalid value: x (write a whole number)",
        "port: 80.5 | 1: port: Invalid value: 80.5 (write a whole number)",
        "port: '80' | 1: port: Invalid value: 80 (write a whole number)",
        "port: 3000000000 | 1: port: Invalid value: 3000000000 (write a whole number)",
        "room: {strict: 1} | 1: room.strict: Invalid value: 1 (write true or false)",
        "port: | 1: port: no value (leave the key out for its default: 1)",
        "host: b/room: 5"
            + " | 2: room: not a section (write its keys below: free-min, share, strict)",
        "keys: {a: 1} | 1: keys: not a single value (its default: [\"x\"])",
        "- host | 1: not a section (write its keys below:"
            + " host, port, patience, most, keys, room)",
      })
  void refusesWhatItDoesNotKnowWithItsPlace(String yaml, String problem) throws IOException {
    Path file = write(yaml.replace('/', '\n'));
    assertThatThrownBy(() -> ConfigFile.readOver(DEFAULTS, file, Door.class))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage("Invalid configuration: " + file + ":" + problem);
  }

  @Test
  void refusesAKeyThatIsGivenTwiceAndASecondDocument() {
    assertThatThrownBy(() -> read("host: a\nhost: b\n")).hasMessageContaining("Duplicate field");
    assertThatThrownBy(() -> read("host: a\n---\nport: 2\n"))
        .hasMessageContaining("Trailing token");
  }

  @Test
  void readsAnEmptyFolderAsAllDefaults() {
    assertThat(LodeConfig.read(folder.resolve("lode.yaml")))
        .isEqualTo(LodeConfig.read(Path.of("../conf/lode.yaml")));
  }

  @Test
  void readsTheOtherEndingAndRefusesBothAtOnce() throws IOException {
    Files.writeString(folder.resolve("lode.yml"), "http: {port: 9}\n");
    Path file = folder.resolve("lode.yaml");
    assertThat(LodeConfig.read(file).http().port()).isEqualTo(9);
    Files.writeString(file, "");
    assertThatThrownBy(() -> LodeConfig.read(file))
        .hasMessage("Cannot tell which to read: " + file + " or lode.yml (keep one)");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    assertThatThrownBy(() -> LodeConfig.read(folder.resolve("cnof/lode.yaml")))
        .hasMessage("Cannot read the configuration: there is no folder " + folder.resolve("cnof"));
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
