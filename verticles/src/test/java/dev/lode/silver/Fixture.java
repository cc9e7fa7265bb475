package dev.lode.silver;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.lode.codecs.Silver;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.silver.contract.Rule;
import dev.lode.silver.contract.Sla;
import dev.lode.silver.sql.Evaluation;
import dev.lode.tables.BronzeTable;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Rows;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A lake in a folder, Bronze records by hand, and one contract at work on them. */
final class Fixture implements AutoCloseable {
  static final Path CONF = Path.of("../conf");
  private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

  final Path folder;
  final Lake lake;
  Refinery refinery;

  private final HmacKey key;

  private Fixture(Path folder, Lake lake, HmacKey key) {
    this.folder = folder;
    this.lake = lake;
    this.key = key;
    lake.ensure(SilverTables.qualityResults());
    lake.ensure(SilverTables.tombstones());
  }

  static Fixture open(Path folder) {
    return of(folder, TestLake.open(folder), HmacKey.load("generated", folder));
  }

  static Fixture of(Path folder, Lake lake, HmacKey key) {
    return new Fixture(folder, lake, key);
  }

  static Contract retail() {
    return Contracts.read(CONF.resolve("contracts")).getFirst();
  }

  static Contract demo(String entity) {
    return Contracts.read(CONF.resolve("demo/contracts")).stream()
        .filter(contract -> contract.entity().equals(entity))
        .findFirst()
        .orElseThrow();
  }

  /** As {@code contract}, with other rules and promises. */
  static Contract with(Contract contract, List<Rule> rules, List<Sla> slas) {
    return with(contract, contract.history(), rules, slas);
  }

  static Contract withoutHistory(Contract contract) {
    return with(contract, false, contract.rules(), contract.slas());
  }

  private static Contract with(
      Contract contract, boolean history, List<Rule> rules, List<Sla> slas) {
    return new Contract(
        contract.entity(),
        contract.table(),
        contract.upstream(),
        contract.mode(),
        contract.properties(),
        contract.key(),
        contract.envelope(),
        contract.ordering(),
        contract.deleteWhen(),
        contract.eventTime(),
        contract.unavailable(),
        contract.dropped(),
        history,
        contract.onUnknown(),
        rules,
        slas,
        contract.doc());
  }

  /** Promises nothing about time, so that a slow machine breaks nothing. */
  static Contract unhurried(Contract contract) {
    return with(contract, contract.rules(), List.of());
  }

  static LodeConfig.Silver config(int batchRecords) {
    return new LodeConfig.Silver(batchRecords, 10_000, Span.parse("50ms"), "generated", 0.5);
  }

  Fixture work(Contract contract) {
    return work(contract, 100_000);
  }

  /** Puts a contract to work as a process does that has just started. */
  Fixture work(Contract contract, int batchRecords) {
    refinery = new Refinery(site(batchRecords), contract);
    refinery.prepare();
    return this;
  }

  Refinery.Site site() {
    return site(100_000);
  }

  private Refinery.Site site(int batchRecords) {
    return new Refinery.Site(lake, config(batchRecords), key, Clock.systemUTC());
  }

  Assay assay(Slice slice) {
    return Assay.of(lake, refinery.shapes(), key, session -> session.bind(Evaluation.BATCH, slice));
  }

  Tally replay(boolean quarantineOnly, Instant since) {
    var replay = new Silver.Replay("acme", refinery.contract().entity(), quarantineOnly, since);
    return refinery.replays().run(replay).orElseThrow().tallies().getFirst();
  }

  /** As after a start: what was only in memory is gone. */
  Fixture restart() {
    return new Fixture(folder, lake, key).work(refinery.contract());
  }

  /** Runs until there is nothing left to do. */
  List<Refinery.Refined> run() {
    var runs = new ArrayList<Refinery.Refined>();
    for (var run = refinery.next(); run.isPresent(); run = refinery.next()) {
      runs.add(run.get());
    }
    return runs;
  }

  Snapshot json(TableName table, String... records) {
    return bronze(table, null, Arrays.asList(records));
  }

  Snapshot csv(TableName table, String header, String... records) {
    return bronze(table, header, Arrays.asList(records));
  }

  Snapshot bronze(TableName table, String header, List<String> records) {
    var rows = new ArrayList<Object[]>();
    for (String record : records) {
      rows.add(row("acme", header, record, rows.size() + 1));
    }
    return append(table, rows);
  }

  Snapshot append(TableName table, List<Object[]> rows) {
    int split = table.name().indexOf('_');
    lake.ensure(
        BronzeTable.spec(table.name().substring(0, split), table.name().substring(split + 1)));
    return lake.append(table, rows, Progress.NONE);
  }

  static Object[] row(String tenant, String header, String record, long position) {
    return new Object[] {
      tenant,
      IDS.generate(),
      "source",
      "entity",
      UUID.randomUUID(),
      position,
      Instant.now(),
      null,
      "c",
      header == null ? "json" : "csv",
      header == null ? null : header.getBytes(StandardCharsets.UTF_8),
      record.getBytes(StandardCharsets.UTF_8),
      new byte[32],
      null
    };
  }

  /** A record that the door could not read. */
  static Object[] defective(String tenant, String record, String defect) {
    Object[] row = row(tenant, null, record, 1);
    row[row.length - 1] = defect;
    return row;
  }

  /** {@code sql} over the table as it is now, bound as {@code t}. */
  List<List<Object>> query(TableName table, String sql) {
    try (var session = lake.session()) {
      session.bind("t", Slice.now(table));
      Rows rows = session.query(sql, 1_000_000);
      return rows.rows();
    }
  }

  List<List<Object>> silver(String columns) {
    return query(
        refinery.contract().table(), "SELECT " + columns + " FROM t GROUP BY ALL ORDER BY ALL");
  }

  List<List<Object>> quarantine(String columns) {
    return query(
        SilverTables.quarantine(refinery.contract().entity()).name(),
        "SELECT " + columns + " FROM t GROUP BY ALL ORDER BY ALL");
  }

  @Override
  public void close() {
    lake.close();
  }
}
