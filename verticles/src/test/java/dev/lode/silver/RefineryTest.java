package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.OnFail;
import dev.lode.silver.contract.Rule;
import dev.lode.tables.TableFiles;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are kept as they come. */
class RefineryTest {
  private static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
  private static final String LINE = "1,A,\"Pot, red\",6,2010-12-01 08:26:00,2.55,17850.0,France";
  private static final String OTHER = "2,B,Pan,1,2010-12-02 08:26:00,0,,France";
  private static final String BAD = "3,C,Cup,many,2010-12-03 08:26:00,1.00,17850.0,France";

  private static final Contract RETAIL = Fixture.unhurried(Fixture.retail());
  private static final TableName BRONZE = RETAIL.upstream();

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = Fixture.open(folder).work(RETAIL);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void readsTypesFlagsAndKeepsTheBronzeId() {
    fixture.csv(BRONZE, HEADER, LINE, OTHER);

    fixture.run();

    assertThat(
            fixture.silver(
                "tenant_id, invoice_no, description, quantity, CAST(invoice_date AS VARCHAR),"
                    + " CAST(unit_price AS VARCHAR), customer_id, _flags"))
        .containsExactly(
            List.of(
                "acme", "1", "Pot, red", 6, "2010-12-01 08:26:00+00", "2.5500", "17850", List.of()),
            Arrays.asList(
                "acme",
                "2",
                "Pan",
                1,
                "2010-12-02 08:26:00+00",
                "0.0000",
                null,
                List.of("non_positive_price", "missing_customer")));
    assertThat(fixture.silver("lineage_id"))
        .isEqualTo(fixture.query(BRONZE, "SELECT lineage_id FROM t ORDER BY 1"));
  }

  @Test
  void acceptsTheSameEntityAsJson() {
    fixture.json(
        BRONZE,
        "{\"InvoiceNo\":\"9\",\"StockCode\":\"A\",\"Quantity\":2,\"InvoiceDate\":"
            + "\"2011-01-01T00:00:00Z\",\"UnitPrice\":1.1,\"CustomerID\":12.0,\"Country\":\"x\"}",
        "{\"invoice_no\":\"8\",\"stock_code\":\"A\",\"quantity\":\"2\",\"invoice_date\":"
            + "\"2011-01-01\",\"unit_price\":\"1.1\",\"customer_id\":\"12\",\"country\":\"x\"}");

    fixture.run();

    assertThat(fixture.silver("invoice_no, quantity, CAST(unit_price AS VARCHAR), customer_id"))
        .containsExactly(List.of("8", 2, "1.1000", "12"), List.of("9", 2, "1.1000", "12"));
  }

  @Test
  void rejectedRecordsLieInQuarantineWithTheirBytesAndReason() {
    fixture.csv(BRONZE, HEADER, LINE, BAD);

    fixture.run();

    assertThat(fixture.silver("invoice_no")).containsExactly(List.of("1"));
    assertThat(
            fixture.quarantine(
                "position, rule, reason, decode(payload), decode(header), source, entity"))
        .containsExactly(
            List.of(
                2L,
                "quantity_type",
                "quantity 'many' cannot be read as INTEGER without loss",
                BAD,
                HEADER,
                "source",
                "entity"));
  }

  @Test
  void aRepeatedLineIsFlaggedInTheBatchAndAgainstSilverButNotAcrossTenants() {
    fixture.csv(BRONZE, HEADER, LINE, LINE, OTHER);
    fixture.run();
    fixture.csv(BRONZE, HEADER, LINE, BAD, BAD);
    fixture.append(BRONZE, List.<Object[]>of(Fixture.row("other", HEADER, LINE, 1)));
    fixture.run();

    assertThat(fixture.silver("tenant_id, invoice_no, _flags, count(*)"))
        .containsExactly(
            List.of("acme", "1", List.of(), 1L),
            List.of("acme", "1", List.of("exact_duplicate"), 2L),
            List.of("acme", "2", List.of("non_positive_price", "missing_customer"), 1L),
            List.of("other", "1", List.of(), 1L));
  }

  @Test
  void aBacklogIsWorkedOffInBoundedRuns() {
    for (int i = 0; i < 5; i++) {
      fixture.csv(BRONZE, HEADER, LINE, OTHER);
    }

    var runs = fixture.work(RETAIL, 4).run();

    assertThat(runs).hasSize(3);
    assertThat(fixture.silver("count(*)")).containsExactly(List.of(10L));
  }

  @Test
  void runningAgainWithNothingNewCommitsNothing() {
    fixture.csv(BRONZE, HEADER, LINE, BAD);
    fixture.run();
    var before = fixture.lake.head(RETAIL.table());

    assertThat(fixture.run()).isEmpty();
    assertThat(fixture.restart().run()).isEmpty();
    assertThat(fixture.lake.head(RETAIL.table())).isEqualTo(before);
  }

  @Test
  void everyRuleIsGradedPerTenantAndRun() {
    fixture.csv(BRONZE, HEADER, LINE, OTHER, BAD, LINE);

    fixture.run();

    assertThat(
            fixture.query(
                SilverTables.QUALITY_RESULTS,
                "SELECT rule, severity, dimension, checked, failed, score, passed FROM t"
                    + " WHERE failed > 0 OR rule = 'country_required' ORDER BY rule"))
        .containsExactly(
            Arrays.asList("*", null, null, 4L, 1L, 0.75, true),
            List.of("country_required", "quarantine", "completeness", 4L, 0L, 1.0, true),
            List.of("exact_duplicate", "flag", "uniqueness", 4L, 1L, 0.75, false),
            List.of("missing_customer", "flag", "completeness", 4L, 1L, 0.75, false),
            List.of("non_positive_price", "warn", "accuracy", 4L, 1L, 0.75, false),
            List.of("quantity_type", "quarantine", "conformity", 4L, 1L, 0.75, false));
    assertThat(
            fixture.query(
                SilverTables.QUALITY_RESULTS,
                "SELECT count(DISTINCT run_id), count(DISTINCT bronze_to) FROM t"))
        .containsExactly(List.of(1L, 1L));
  }

  @Test
  void aRunWhoseLastTableCannotBeCommittedCommitsNone() throws SQLException {
    fixture.csv(BRONZE, HEADER, LINE, BAD);
    catalog(
        """
        CREATE TRIGGER power_cut BEFORE UPDATE ON iceberg_tables
        WHEN NEW.table_name = 'quality_results' BEGIN SELECT RAISE(ABORT, 'power cut'); END\
        """);

    assertThatThrownBy(fixture::run)
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot tell whether the commit to quarantine.invoice_line, silver.invoice_line,"
                + " system.quality_results landed: the catalog did not answer");
    assertThat(watermarks()).containsOnly(Optional.empty());

    catalog("DROP TRIGGER power_cut");
    fixture.restart().work(mended()).run();

    assertThat(fixture.silver("invoice_no")).containsExactly(List.of("1"), List.of("3"));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(0L));
    assertThat(fixture.query(SilverTables.QUALITY_RESULTS, "SELECT checked FROM t WHERE rule='*'"))
        .containsExactly(List.of(2L));
  }

  private void catalog(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + fixture.folder.resolve("catalog.db"));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void nobodySeesRowsWithoutWhatWasRejectedAndGradedBesideThem() throws Exception {
    var done = new AtomicBoolean();
    try (var threads = Executors.newSingleThreadExecutor()) {
      var seen =
          threads.submit(
              () -> {
                var moments = new ArrayList<Set<Optional<Long>>>();
                while (!done.get()) {
                  moments.add(watermarks());
                }
                return moments;
              });
      for (int i = 0; i < 6; i++) {
        fixture.csv(BRONZE, HEADER, LINE, BAD);
        fixture.run();
      }
      done.set(true);

      assertThat(seen.get()).isNotEmpty().allMatch(moment -> moment.size() == 1);
    }
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(6L));
  }

  /** Of what the three tables of a run have consumed, at one moment. */
  private Set<Optional<Long>> watermarks() {
    var tables =
        List.of(
            RETAIL.table(),
            SilverTables.quarantine(RETAIL.entity()).name(),
            SilverTables.QUALITY_RESULTS);
    var watermarks = new HashSet<Optional<Long>>();
    try (var cut = fixture.lake.cut(fixture.folder.resolve(UUID.randomUUID() + ".db"))) {
      for (var table : cut.tables().whole()) {
        if (tables.contains(TableName.of(table.table()))) {
          watermarks.add(watermark(table));
        }
      }
    }
    return watermarks;
  }

  /** The catalog knows of a commit a little earlier than the lake says so. */
  private Optional<Long> watermark(TableFiles table) {
    while (table.snapshotId() != null) {
      for (var snapshot : fixture.lake.history(TableName.of(table.table()))) {
        if (snapshot.id() == table.snapshotId()) {
          return Optional.of(snapshot.watermark(BRONZE));
        }
      }
    }
    return Optional.empty();
  }

  @Test
  void whatPassesAMendedContractLeavesQuarantine() {
    fixture.csv(BRONZE, HEADER, LINE, BAD);
    fixture.append(BRONZE, List.<Object[]>of(Fixture.defective("acme", "{", "malformed: no end")));
    fixture.run();

    var replayed = fixture.work(mended()).replay(true, null);

    assertThat(replayed.checked()).isEqualTo(2);
    assertThat(fixture.silver("invoice_no, quantity"))
        .containsExactly(List.of("1", 6), Arrays.asList("3", null));
    assertThat(fixture.quarantine("rule, reason"))
        .containsExactly(List.of("malformed", "malformed: no end"));
    assertThat(fixture.replay(true, null).checked()).isEqualTo(1);
    assertThat(fixture.silver("count(*)")).containsExactly(List.of(2L));
  }

  @Test
  void aWholeReplayMovesRecordsBothWaysAndDoublesNone() {
    fixture.work(mended());
    fixture.csv(BRONZE, HEADER, LINE, OTHER, BAD, LINE);
    fixture.run();
    assertThat(fixture.silver("count(*)")).containsExactly(List.of(4L));

    fixture.work(RETAIL).replay(false, null);

    assertThat(fixture.silver("invoice_no, _flags, count(*)"))
        .containsExactly(
            List.of("1", List.of(), 1L),
            List.of("1", List.of("exact_duplicate"), 1L),
            List.of("2", List.of("non_positive_price", "missing_customer"), 1L));
    assertThat(fixture.quarantine("rule")).containsExactly(List.of("quantity_type"));
    fixture.work(mended()).replay(false, null);
    assertThat(fixture.silver("count(*), count(DISTINCT lineage_id)"))
        .containsExactly(List.of(4L, 4L));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(0L));
  }

  @Test
  void aReplaySinceAnInstantLeavesEarlierRecordsAlone() {
    fixture.csv(BRONZE, HEADER, BAD);
    fixture.run();
    Instant between = Instant.now();
    fixture.csv(BRONZE, HEADER, BAD);
    fixture.run();

    var replayed = fixture.work(mended()).replay(false, between);

    assertThat(replayed.checked()).isEqualTo(1);
    assertThat(fixture.silver("count(*)")).containsExactly(List.of(1L));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(1L));
  }

  @Test
  void aReplayOfTheQuarantineSinceAnInstantLeavesEarlierRecordsThere() {
    fixture.csv(BRONZE, HEADER, BAD);
    fixture.run();
    Instant between = Instant.now();
    fixture.csv(BRONZE, HEADER, BAD);
    fixture.run();

    assertThat(fixture.work(mended()).replay(true, between).checked()).isEqualTo(1);

    assertThat(fixture.silver("count(*)")).containsExactly(List.of(1L));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(1L));
  }

  /** As the shop's, but a quantity that cannot be read is only flagged. */
  private static Contract mended() {
    var rules = new ArrayList<>(RETAIL.rules());
    rules.replaceAll(
        rule ->
            rule instanceof Rule.Row row && row.id().equals("quantity_type")
                ? new Rule.Row(
                    row.id(),
                    row.property(),
                    row.check(),
                    OnFail.FLAG,
                    row.dimension(),
                    row.threshold())
                : rule);
    return Fixture.with(RETAIL, rules, RETAIL.slas());
  }

  @Test
  void aTableWithoutAContractShowsItsDefectsAlone() {
    var table = TableName.of("bronze.web_click");
    fixture.json(table, "{}", "{}");
    fixture.append(table, List.<Object[]>of(Fixture.defective("acme", "x", "malformed: x")));
    var defects = new Defects(fixture.site(), table);

    assertThat(defects.next()).isTrue();
    assertThat(defects.next()).isFalse();
    assertThat(new Defects(fixture.site(), table).next()).isFalse();
    fixture.json(table, "{}");
    assertThat(new Defects(fixture.site(), table).next()).isTrue();

    assertThat(
            fixture.query(
                TableName.of("quarantine.web_click"),
                "SELECT rule, reason, decode(payload) FROM t"))
        .containsExactly(List.of("malformed", "malformed: x", "x"));
  }
}
