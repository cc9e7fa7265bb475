package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Silver;
import dev.lode.config.Nearest;
import dev.lode.silver.contract.Contract;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.List;

/** What the contracts of a Bronze table found of one body's records. Blocks. */
final class Verdicts {
  private static final int RULES_MAX = 100;

  private final Lake lake;
  private final List<Contract> contracts;

  Verdicts(Lake lake, List<Contract> contracts) {
    this.lake = requireNonNull(lake, "lake is null");
    this.contracts = List.copyOf(contracts);
  }

  /** {@code readers}: the refineries of the table. */
  Silver.Judged judge(Silver.Judge ask, List<Refinery> readers) {
    TableName upstream = TableName.of(ask.table());
    if (readers.isEmpty()) {
      return new Silver.Judged(ask.tenantId(), true, List.of(), meant(upstream));
    }
    long until = ask.snapshotId() == 0 ? head(upstream) : ask.snapshotId();
    boolean judged = readers.stream().allMatch(reader -> hasRead(reader, upstream, until));
    var verdicts = readers.stream().map(reader -> verdict(reader.contract(), ask)).toList();
    return new Silver.Judged(ask.tenantId(), judged, judged ? verdicts : List.of(), null);
  }

  private long head(TableName upstream) {
    return lake.exists(upstream) ? lake.head(upstream).map(Snapshot::id).orElse(0L) : 0;
  }

  private String meant(TableName upstream) {
    var known = contracts.stream().map(contract -> contract.upstream().name()).distinct().toList();
    return Nearest.to(upstream.name(), known).orElse(null);
  }

  /** A snapshot that is no longer in the history was read: those that are not stay there. */
  private boolean hasRead(Refinery reader, TableName upstream, long until) {
    Long consumed = reader.watermark();
    if (consumed == null) {
      return until == 0;
    }
    for (var snapshot : lake.history(upstream)) {
      if (snapshot.id() == consumed || snapshot.id() == until) {
        return snapshot.id() == consumed;
      }
    }
    return false;
  }

  private Silver.Verdict verdict(Contract contract, Silver.Judge ask) {
    TableName quarantine = SilverTables.quarantine(contract.entity()).name();
    try (Session session = lake.session()) {
      session.bind("rejected", Slice.now(quarantine).tenant(ask.tenantId()));
      var rows =
          session
              .query(
                  "SELECT rule, count(*), min(position), arg_min(reason, position) FROM rejected"
                      + " WHERE batch_id = '%s' GROUP BY rule ORDER BY 2 DESC, 1"
                          .formatted(ask.batchId()),
                  RULES_MAX)
              .rows();
      var rules = rows.stream().map(Verdicts::broken).toList();
      long rejected = rules.stream().mapToLong(Silver.Broken::records).sum();
      return new Silver.Verdict(contract.entity(), contract.table().toString(), rejected, rules);
    }
  }

  private static Silver.Broken broken(List<Object> row) {
    return new Silver.Broken(
        (String) row.get(0), (long) row.get(1), (long) row.get(2), (String) row.get(3));
  }
}
