package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.config.LodeConfig;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.sql.Evaluation;
import dev.lode.silver.sql.Shapes;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Keeps one Silver table in step with its Bronze table, a bounded run at a time. Blocks. */
final class Refinery {
  private final Site site;
  private final Contract contract;
  private final Grades grades;
  private final Replays replays;
  private final Shapes shapes;
  private Snapshot consumed;

  /** The history has all that Silver had consumed before. */
  private boolean recorded;

  /** It is noted how rows are masked. */
  private boolean masked;

  /** What all refineries of a verticle share. */
  record Site(Lake lake, LodeConfig.Silver config, HmacKey key, Clock clock) {
    Site {
      requireNonNull(lake, "lake is null");
      requireNonNull(config, "config is null");
      requireNonNull(key, "key is null");
      requireNonNull(clock, "clock is null");
    }
  }

  /** A run's commit, and what it found of each tenant. */
  record Refined(Snapshot snapshot, List<Tally> tallies) {
    Refined {
      tallies = List.copyOf(tallies);
    }

    /** How many were judged. */
    long records() {
      return tallies.stream().mapToLong(Tally::checked).sum();
    }
  }

  Refinery(Site site, Contract contract) {
    this.site = site;
    this.contract = contract;
    this.shapes = new Shapes(contract);
    this.grades = new Grades(site, contract);
    this.replays = new Replays(site, this);
  }

  Contract contract() {
    return contract;
  }

  /** What names of its records mean. */
  Shapes shapes() {
    return shapes;
  }

  Grades grades() {
    return grades;
  }

  /** Makes the tables, empty if need be, so that marts can name them. */
  void prepare() {
    ContractTables.ensure(site.lake(), contract);
    site.lake().ensure(SilverTables.quarantine(contract.entity()));
  }

  /** Judges and commits the next records of Bronze; empty where there are none. */
  Optional<Refined> next() {
    if (!site.lake().exists(contract.upstream())) {
      return Optional.empty();
    }
    Long from = watermark();
    recordMissed(from);
    return backlog(from).map(this::refine);
  }

  /** Judges again what Silver has consumed. */
  Replays replays() {
    return replays;
  }

  /** Bronze's snapshot that Silver has consumed; null for none. */
  Long watermark() {
    return watermark(contract.table());
  }

  private Long watermark(TableName table) {
    return site.lake().head(table).map(head -> head.watermark(contract.upstream())).orElse(null);
  }

  /** Whether so many records wait in Bronze that a source is loaded in bulk. */
  boolean isFlooded() {
    long done = consumed == null ? 0 : consumed.rows();
    return site.lake()
        .head(contract.upstream())
        .filter(head -> head.rows() - done >= site.config().bulkRecords())
        .isPresent();
  }

  private Optional<Backlog> backlog(Long from) {
    var lake = site.lake();
    var head = lake.head(contract.upstream());
    if (head.isEmpty()) {
      return Optional.empty();
    }
    boolean few =
        from != null
            && consumed != null
            && consumed.id() == from
            && head.get().rows() - consumed.rows() <= site.config().batchRecords();
    var history = few ? List.of(head.get(), consumed) : lake.history(contract.upstream());
    return Backlog.next(history, from, site.config().batchRecords());
  }

  private Refined refine(Backlog backlog) {
    UUID runId = UUID.randomUUID();
    try (var assay = assay(backlog)) {
      var writer = new SilverWriter(site.lake(), assay, runId, site.clock().instant());
      var upstream = contract.upstream();
      var progress = Progress.of(upstream, backlog.from(), backlog.to().id());
      var beside = new Progress(Map.of(), progress.next(), Map.of());
      var span = new QualityLog.Span(backlog.from(), backlog.to().id());
      var refined =
          writer.commit(
              beside,
              !backlog.known(),
              () -> silver(writer, backlog, progress),
              () -> grades.settle(assay, runId, span));
      consumed = backlog.to();
      noteMasks();
      return refined;
    }
  }

  private void noteMasks() {
    if (!masked) {
      Masks.note(site.lake(), contract);
      masked = true;
    }
  }

  private Snapshot silver(SilverWriter writer, Backlog backlog, Progress progress) {
    if (contract.upserts()) {
      return writer.upsertNewest(progress);
    }
    return backlog.known() ? writer.append(progress) : writer.appendAgain(progress);
  }

  private Assay assay(Backlog backlog) {
    var slice = Slice.added(contract.upstream(), backlog.from(), backlog.to().id());
    return Assay.of(
        site.lake(), shapes, site.key(), session -> session.bind(Evaluation.BATCH, slice));
  }

  /** Fills the history from what Silver had consumed before it was asked for. */
  private void recordMissed(Long committed) {
    if (recorded || !contract.history() || committed == null) {
      return;
    }
    var upstream = contract.upstream();
    var missed = missed(committed, watermark(contract.historyTable()));
    while (missed.isPresent()) {
      var progress = Progress.of(upstream, missed.get().from(), missed.get().to().id());
      try (var assay = assay(missed.get())) {
        var writer =
            new SilverWriter(site.lake(), assay, UUID.randomUUID(), site.clock().instant());
        writer.history(new Progress(Map.of(), progress.next(), Map.of()));
      }
      missed = missed(committed, missed.get().to().id());
    }
    recorded = true;
  }

  /** The next of what was consumed after {@code from}, up to {@code committed}. */
  private Optional<Backlog> missed(Long committed, Long from) {
    var history =
        site.lake().history(contract.upstream()).stream()
            .dropWhile(snapshot -> !Objects.equals(snapshot.id(), committed))
            .toList();
    return Backlog.next(history, from, site.config().batchRecords());
  }
}
