package dev.lode.bronze;

import static java.util.Objects.requireNonNull;

import com.fasterxml.uuid.NoArgGenerator;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.BronzeTable;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Commits groups to one table. Blocks; used by one thread after another, one group at a time. */
final class TableWriter {
  /** A keyed body's id is name-based, all others are random: so the table tells them apart. */
  static final int KEYED_VERSION = 5;

  private final Site site;
  private final TableSpec spec;
  private boolean ensured;
  private Landed landed;

  /** What all tables of an instance share. */
  record Site(Lake lake, LodeConfig config, NoArgGenerator lineageIds, Clock clock) {
    Site {
      requireNonNull(lake, "lake is null");
      requireNonNull(config, "config is null");
      requireNonNull(lineageIds, "lineageIds is null");
      requireNonNull(clock, "clock is null");
    }
  }

  TableWriter(Site site, String source, String entity) {
    this.site = requireNonNull(site, "site is null");
    this.spec = BronzeTable.spec(source, entity);
  }

  /** {@code snapshotId} is 0 where nothing was ever committed. */
  record Outcome(String table, Plan plan, long snapshotId) {

    Bronze.Appended appended(Plan.Share share) {
      return new Bronze.Appended(
          share.append().tenantId(), table, snapshotId, share.landing(), share.duplicates());
    }

    /** One fact for each tenant whose rows have landed. */
    List<Bronze.Committed> committed(boolean more) {
      var landed = new TreeMap<String, Long>();
      plan.shares().stream()
          .filter(share -> share.landing() > 0)
          .forEach(share -> landed.merge(share.append().tenantId(), share.landing(), Long::sum));
      return landed.entrySet().stream()
          .map(
              tenant ->
                  new Bronze.Committed(tenant.getKey(), table, snapshotId, tenant.getValue(), more))
          .toList();
    }
  }

  Outcome commit(List<Bronze.Append> appends) {
    if (!ensured) {
      ensure();
    }
    Plan plan = Plan.of(appends, landed(appends));
    long snapshotId = plan.records() == 0 ? head() : append(plan);
    if (landed != null) {
      plan.reached().forEach(landed::landed);
      landed.trim();
    }
    return new Outcome(spec.name().toString(), plan, snapshotId);
  }

  private long head() {
    return site.lake().head(spec.name()).map(Snapshot::id).orElse(0L);
  }

  private long append(Plan plan) {
    var rows = new RawRows(plan, site.lineageIds(), site.clock().instant());
    try {
      return site.lake().append(spec.name(), rows, Progress.NONE).id();
    } catch (RuntimeException e) {
      landed = null; // It may have landed all the same: the table knows.
      throw e;
    }
  }

  /**
   * Source a_b with entity c has the same table as source a with entity b_c: the first keeps it.
   */
  private void ensure() {
    if (site.lake().exists(spec.name())) {
      String doc = site.lake().spec(spec.name()).doc();
      if (!doc.equals(spec.doc())) {
        throw Failure.invalid("Cannot append to " + spec.name() + ": it is for " + doc);
      }
    }
    site.lake().ensure(spec);
    ensured = true;
  }

  private Landed landed(List<Bronze.Append> appends) {
    List<UUID> keyed =
        appends.stream()
            .filter(Bronze.Append::keyed)
            .map(Bronze.Append::batchId)
            .distinct()
            .toList();
    if (landed == null && keyed.isEmpty()) {
      return new Landed(0);
    }
    if (landed == null) {
      var loaded = new Landed(site.config().bronze().keysMax());
      load(loaded, "");
      landed = loaded;
    }
    List<UUID> unknown = keyed.stream().filter(batch -> !landed.knows(batch)).toList();
    if (!unknown.isEmpty()) {
      load(
          landed,
          unknown.stream()
              .map(batch -> "'" + batch + "'::UUID")
              .collect(Collectors.joining(", ", "WHERE batch_id IN (", ")")));
    }
    return landed;
  }

  private void load(Landed target, String where) {
    Instant since =
        site.clock().instant().minus(site.config().ingest().idempotencyWindow().duration());
    try (Session session = site.lake().session()) {
      session.bind("bodies", Slice.now(spec.name()).where("ingest_time", since, null));
      Rows rows =
          session.query(
              "SELECT batch_id, max(position) FROM bodies "
                  + where
                  + " GROUP BY batch_id HAVING uuid_extract_version(batch_id) = "
                  + KEYED_VERSION
                  + " ORDER BY max(ingest_time) DESC",
              site.config().bronze().keysMax());
      rows.rows().reversed().forEach(row -> target.landed((UUID) row.get(0), (long) row.get(1)));
      if (rows.truncated()) {
        target.forgetful();
      }
    }
  }
}
