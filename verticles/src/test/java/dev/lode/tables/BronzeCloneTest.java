package dev.lode.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taken from a lake whose writer does not rest. */
class BronzeCloneTest {
  private static final TableName BRONZE = TableName.of("bronze.shop_order");
  private static final TableName SILVER = TableName.of("silver.order");

  @TempDir Path folder;

  private static void append(Lake lake, String payload) {
    Object[] row = {
      "a",
      UUID.randomUUID(),
      "shop",
      "order",
      UUID.randomUUID(),
      1L,
      Instant.now(),
      null,
      "c",
      "json",
      null,
      payload.getBytes(UTF_8),
      new byte[32],
      null
    };
    lake.append(BRONZE, List.<Object[]>of(row), Progress.NONE);
  }

  private static long count(Lake lake) {
    try (var session = lake.session()) {
      session.bind("t", Slice.now(BRONZE));
      return session.query("SELECT count(*) FROM t", 1).count();
    }
  }

  private List<TableFiles> take(Path source, Path to) throws Exception {
    return new BronzeClone(TestLake.options(source), TestLake.options(to), to.resolve("linked"))
        .make();
  }

  private static long rows(List<TableFiles> tables, TableName name) {
    return tables.stream()
        .filter(table -> table.table().equals(name.toString()))
        .findFirst()
        .orElseThrow()
        .rows();
  }

  @Test
  void showsOneMomentAndNeedsTheOtherNoMore() throws Exception {
    Path source = folder.resolve("source");
    var clones = new ArrayList<List<TableFiles>>();
    try (Lake lake = TestLake.open(source)) {
      lake.ensure(BronzeTable.spec("shop", "order"));
      lake.ensure(
          new TableSpec(
              SILVER,
              List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "tenant")),
              List.of(),
              List.of(),
              "Orders."));
      append(lake, "{}");
      lake.append(SILVER, List.<Object[]>of(new Object[] {"a"}), Progress.NONE);
      var stopped = new AtomicBoolean();
      var writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stopped.get()) {
                      append(lake, "{}");
                    }
                  });
      try {
        for (int i = 0; i < 5; i++) {
          clones.add(take(source, folder.resolve("clone" + i)));
        }
      } finally {
        stopped.set(true);
        writer.join();
      }
      assertThat(count(lake)).isGreaterThanOrEqualTo(rows(clones.getLast(), BRONZE));
    }
    Files.move(source, folder.resolve("gone"));
    for (int i = 0; i < clones.size(); i++) {
      Path to = folder.resolve("clone" + i);
      try (Lake lake = TestLake.open(to)) {
        assertThat(rows(clones.get(i), SILVER)).isEqualTo(1);
        assertThat(lake.tables()).containsExactly(BRONZE);
        assertThat(count(lake)).isEqualTo(rows(clones.get(i), BRONZE)).isPositive();
        append(lake, "{}");
        assertThat(count(lake)).isEqualTo(rows(clones.get(i), BRONZE) + 1);
      }
    }
  }
}
