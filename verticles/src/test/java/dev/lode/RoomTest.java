package dev.lode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.cli.Settings;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
  @TempDir Path folder;

  @Test
  void refusesToStartWhereLittleIsFreeAndLeavesNothingThere() throws IOException {
    Path conf = Path.of("../conf");
    String text = Files.readString(conf.resolve("lode.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("lode.yaml"), text.replace("free-min: 128MB", "free-min: 8000000TB"));
    Path data = folder.resolve("a/b");
    assertThatThrownBy(() -> Main.launch().start(new Settings(data, file, conf, OptionalInt.of(0))))
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.hint())
                    .isEqualTo(
                        "Make room, or use another folder: name it with --data, or --beside of a"
                            + " replay."))
        .hasMessageMatching(
            "Cannot use \\Q"
                + data
                + "\\E as the data directory: [\\d.]+ .?B are free there, and 8000000.0 TB are"
                + " needed \\(disk.free-min\\)");
    assertThat(data.getParent()).doesNotExist();
  }
}
