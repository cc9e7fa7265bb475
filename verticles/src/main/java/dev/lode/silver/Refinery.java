package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Silver;
import dev.lode.config.LodeConfig;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.sql.Evaluation;
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
  private Snapshot consumed;

  /** True until a run has come to its end: the last one may have got half way. */
  private boolean mend = true;

  /** What all refineries of a verticle share. */
  record Site(Lake lake, LodeConfig.Silver config, HmacKey key, QualityLog log, Clock clock) {
    Site {
      requireNonNull(lake, "lake is null");
      requireNonNull(config, "config is null");
      requireNonNull(key, "key is null");
      requireNonNull(log, "log is null");
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
    this.grades = new Grades(site, contract);
    this.replays = new Replays(site, this);
  }

  Contract contract() {
    return contract;
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
    if (mend) {
      gradeMissed(from);
      recordMissed(from);
      var resumed = replays.resume();
      if (resumed.isPresent()) {
        return resumed;
      }
    }
    return backlog(from).map(this::refine);
  }

  /** Judges again what Silver has consumed; empty where that is nothing. */
  Optional<Refined> replay(Silver.Replay replay) {
    return replays.run(replay);
  }

  /** Bronze's snapshot that Silver has consumed; null for none. */
  Long watermark() {
    return watermark(contract.table());
  }

  private Long watermark(TableName table) {
    return site.lake().head(table).map(head -> head.watermark(contract.upstream())).orElse(null);
  }

  /** Whether Bronze already has more than Silver shows. */
  boolean isBehind() {
    return site.lake()
        .head(contract.upstream())
        .filter(head -> consumed == null || head.id() != consumed.id())
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
      boolean unsure = mend || !backlog.known();
      mend = true;
      var writer = new SilverWriter(site.lake(), assay, runId, site.clock().instant());
      var upstream = contract.upstream();
      var progress = Progress.of(upstream, backlog.from(), backlog.to().id());
      var idempotent = new Progress(Map.of(), progress.next(), Map.of());
      writer.quarantine(idempotent, unsure);
      if (contract.history()) {
        writer.history(idempotent);
      }
      var snapshot =
          contract.upserts() ? writer.upsertNewest(progress) : append(writer, backlog, progress);
      mend = false;
      consumed = backlog.to();
      grades.settle(assay, runId, new QualityLog.Span(backlog.from(), backlog.to().id()));
      site.log().advance(upstream, backlog.to().id());
      return new Refined(snapshot, assay.tallies());
    }
  }

  private static Snapshot append(SilverWriter writer, Backlog backlog, Progress progress) {
    return backlog.known() ? writer.append(progress) : writer.appendAgain(progress);
  }

  private Assay assay(Backlog backlog) {
    var slice = Slice.added(contract.upstream(), backlog.from(), backlog.to().id());
    return Assay.of(
        site.lake(), contract, site.key(), session -> session.bind(Evaluation.BATCH, slice));
  }

  /** Fills the history from what Silver had consumed before it was asked for. */
  private void recordMissed(Long committed) {
    if (!contract.history() || committed == null) {
      return;
    }
    Long recorded = watermark(contract.historyTable());
    if (isAfter(recorded, committed)) {
      return;
    }
    var missed = missed(committed, recorded);
    while (missed.isPresent()) {
      var upstream = contract.upstream();
      var progress = Progress.of(upstream, missed.get().from(), missed.get().to().id());
      try (var assay = assay(missed.get())) {
        var writer =
            new SilverWriter(site.lake(), assay, UUID.randomUUID(), site.clock().instant());
        writer.history(new Progress(Map.of(), progress.next(), Map.of()));
      }
      missed = missed(committed, missed.get().to().id());
    }
  }

  /** A crash has left the history ahead of Silver. */
  private boolean isAfter(Long recorded, Long committed) {
    return site.lake().history(contract.upstream()).stream()
        .takeWhile(snapshot -> !Objects.equals(snapshot.id(), committed))
        .anyMatch(snapshot -> Objects.equals(snapshot.id(), recorded));
  }

  /** The next of what was consumed after {@code from}, up to {@code committed}. */
  private Optional<Backlog> missed(Long committed, Long from) {
    var history =
        site.lake().history(contract.upstream()).stream()
            .dropWhile(snapshot -> !Objects.equals(snapshot.id(), committed))
            .toList();
    return Backlog.next(history, from, site.config().batchRecords());
  }

  /** Judges again what was committed to Silver before its results were written. */
  private void gradeMissed(Long committed) {
    var missed = missed(committed, site.log().watermark(contract.upstream()));
    while (missed.isPresent()) {
      var span = new QualityLog.Span(missed.get().from(), missed.get().to().id());
      try (var assay = assay(missed.get())) {
        grades.write(assay, UUID.randomUUID(), span);
      }
      site.log().advance(contract.upstream(), span.to());
      missed = missed(committed, span.to());
    }
  }
}
