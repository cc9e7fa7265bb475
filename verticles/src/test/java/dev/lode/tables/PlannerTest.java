package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final TableSpec SPEC = BronzeTable.spec("shop", "order");
  private static final Instant NOON = Instant.parse("2024-03-31T12:00:00Z");

  @TempDir Path folder;

  @BeforeEach
  void writeSixFiles() {
    try (var lake = TestLake.open(folder)) {
      lake.ensure(SPEC);
      for (int hour = 0; hour < 6; hour++) {
        lake.append(SPEC.name(), List.<Object[]>of(record(hour)), Progress.NONE);
      }
    }
  }

  @Test
  void leavesOutFilesOfOtherTenantsAndTimes() {
    assertThat(files()).isEqualTo(6);
    assertThat(files(new Slice.Range("tenant_id", "t1", "t1"))).isEqualTo(3);
    assertThat(files(new Slice.Range("ingest_time", NOON.plus(Duration.ofHours(4)), null)))
        .isEqualTo(2);
    assertThat(files(new Slice.Range("ingest_time", null, NOON.minusNanos(1000)))).isZero();
    assertThat(files(new Slice.Range("position", 2L, 3L))).isEqualTo(2);
    assertThat(files(new Slice.Range("tenant_id", "t1", "t1"), new Slice.Range("position", 2L, 3L)))
        .isEqualTo(1);
  }

  @Test
  void leavesOutFilesByLineageId() {
    assertThat(files(new Slice.Range("lineage_id", id(3), id(3)))).isEqualTo(1);
    assertThat(files(new Slice.Range("lineage_id", id(3), null))).isEqualTo(3);
    assertThat(files(new Slice.Range("lineage_id", null, id(9)))).isEqualTo(6);
  }

  private int files(Slice.Range... ranges) {
    try (var catalog = Catalog.open(TestLake.options(folder))) {
      var table = catalog.table(SPEC.name()).readable();
      return new Planner()
          .live(table, List.of(ranges), table.currentSnapshot().snapshotId())
          .size();
    }
  }

  private static UUID id(int number) {
    return new UUID(0x0190_0000_0000_7000L + ((long) number << 16), 0x8000_0000_0000_0000L);
  }

  private static Object[] record(int hour) {
    return new Object[] {
      "t" + hour % 2,
      id(hour),
      "shop",
      "order",
      new UUID(1, 1),
      (long) hour,
      NOON.plus(Duration.ofHours(hour)),
      null,
      "c",
      "json",
      null,
      new byte[] {1},
      new byte[] {2},
      null
    };
  }
}
