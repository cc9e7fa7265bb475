package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the machine jumps by hours. */
class ClockTest {
  private static final TableName TABLE = TableName.of("bronze.shop_note");
  private static final Duration AHEAD = Duration.ofHours(5);

  @TempDir Path folder;

  @Test
  void commitsOnWhatAClockThatWasAheadHasWritten() throws IOException {
    write("a");
    putAhead();
    try (Lake lake = TestLake.open(folder)) {
      append(lake, "b");
      append(lake, "c");
      assertThat(lake.head(TABLE).orElseThrow().rows()).isEqualTo(3);
      long first = lake.upkeep().history(TABLE).entries().getLast().id();
      lake.upkeep().expire(TABLE, Set.of(first));
      assertThat(lake.upkeep().history(TABLE).entries()).hasSize(2);
    }
    try (Lake lake = TestLake.open(folder)) {
      assertThat(lake.head(TABLE).orElseThrow().rows()).isEqualTo(3);
    }
  }

  @Test
  void keepsWhatWasInTheMakingWhenTheClockJumpedAndIsATablesNow() throws IOException {
    write("a");
    try (Lake lake = TestLake.open(folder)) {
      var file = lake.upkeep().files(TABLE).getFirst().location();
      var found = new Upkeep.Unreached(Set.of(file), 0);
      assertThat(lake.upkeep().remove(TABLE, found)).isZero();
      assertThat(LocalFileIO.path(file)).exists();
    }
  }

  private void write(String row) {
    var spec =
        new TableSpec(
            TABLE,
            List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "tenant")),
            List.of(),
            List.of("tenant_id"),
            "Notes.");
    try (Lake lake = TestLake.open(folder)) {
      lake.ensure(spec);
      append(lake, row);
    }
  }

  private static void append(Lake lake, String row) {
    lake.append(TABLE, List.<Object[]>of(new Object[] {row}), Progress.NONE);
  }

  /** As if all commits so far had been made then. */
  private void putAhead() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".metadata.json")).toList()) {
        var times = Pattern.compile("(\"(?:timestamp-ms|last-updated-ms)\"\\s*:\\s*)(\\d+)");
        Files.writeString(
            file,
            times
                .matcher(Files.readString(file))
                .replaceAll(
                    time -> time.group(1) + (Long.parseLong(time.group(2)) + AHEAD.toMillis())));
      }
    }
  }
}
