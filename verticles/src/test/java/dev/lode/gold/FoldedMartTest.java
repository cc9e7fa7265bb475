package dev.lode.gold;

import static dev.lode.gold.InvoiceLines.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mart whose old rows are told by what is kept, from its second incremental turn on. */
class FoldedMartTest {
  private static final String LARGEST =
      """
      -- description: The largest line of each customer.
      -- materialization: incremental
      -- key: customer_id
      -- incremental: silver.invoice_line by customer_id
      -- tests: accepted_values(quantity, 1, 2, 3, 5)
      SELECT tenant_id, customer_id, max(quantity) AS quantity
      FROM silver.invoice_line WHERE customer_id IS NOT NULL GROUP BY ALL
      """;

  @TempDir Path folder;
  @TempDir Path marts;
  private Lake lake;
  private MartKeeper keeper;
  private Mart mart;

  @BeforeEach
  void open() throws IOException {
    lake = TestLake.open(folder);
    var config =
        new LodeConfig.Gold(
            Span.parse("1h"),
            100,
            100,
            64,
            1_000_000,
            Span.parse("1m"),
            Span.parse("1h"),
            100,
            Span.parse("30s"));
    var clock = Clock.systemUTC();
    keeper = new MartKeeper(lake, config, clock);
    Files.writeString(marts.resolve("largest.sql"), LARGEST);
    try (Session session = lake.session()) {
      mart = Marts.read(marts, session).orThrow().getFirst();
    }
    InvoiceLines.append(lake, line("a 1 X 2 1 c1"), line("a 2 X 2 1 c2"));
    keeper.keep(mart);
    InvoiceLines.append(lake, line("a 3 X 1 1 c1"));
    keeper.keep(mart);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void writesOnlyRowsThatDiffer() {
    InvoiceLines.append(lake, line("a 4 X 1 1 c1"), line("a 5 X 5 1 c2"), line("a 6 X 3 1 c3"));

    var summary = keeper.keep(mart).orElseThrow().snapshot().summary();

    assertThat(summary).containsEntry("lode.plan", "3 keys").containsEntry("added-records", "2");
    assertThat(rows()).isEqualTo("[[a, c1, 2], [a, c2, 5], [a, c3, 3]]");
  }

  @Test
  void writesAlsoWhatATestHasHeldBack() {
    InvoiceLines.append(lake, line("a 4 X 3 1 c1"), line("a 5 X 4 1 c2"));
    assertThat(keeper.keep(mart)).isEmpty();
    InvoiceLines.append(lake, line("a 6 X 5 1 c2"));

    assertThat(keeper.keep(mart)).isPresent();

    assertThat(rows()).isEqualTo("[[a, c1, 3], [a, c2, 5]]");
  }

  private String rows() {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(mart.table()));
      return session.query("SELECT * FROM t ORDER BY ALL", 100).rows().toString();
    }
  }
}
