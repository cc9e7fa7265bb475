package dev.lode.bronze;

import static java.util.Objects.requireNonNull;

import com.fasterxml.uuid.NoArgGenerator;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Fingerprint;
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
   * Source a_b with entity c has the same table as source a with entity b_c: the first keeps it,
   * and only the other is refused.
   */
  private void ensure() {
    synchronized (site.lake()) {
      if (!site.lake().exists(spec.name())) {
        site.lake().ensure(spec);
      }
      String doc = site.lake().spec(spec.name()).doc();
      if (!doc.equals(spec.doc())) {
        throw Failure.invalid(
            "Cannot append to %s: it is for %s; name the source or the entity otherwise"
                .formatted(spec.name(), doc));
      }
      site.lake().ensure(spec);
    }
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
      load(landed, among(unknown));
    }
    List<UUID> unread = landed.unread(keyed);
    if (!unread.isEmpty()) {
      read(landed, unread, remembered());
    }
    List<UUID> older = landed.unread(unread);
    if (!older.isEmpty()) {
      read(landed, older, Slice.now(spec.name()));
    }
    return landed;
  }

  private static String among(List<UUID> batches) {
    return batches.stream()
        .map(batch -> "'" + batch + "'::UUID")
        .collect(Collectors.joining(", ", "WHERE batch_id IN (", ")"));
  }

  /** What a key is remembered by. */
  private Slice remembered() {
    Instant since =
        site.clock().instant().minus(site.config().ingest().idempotencyWindow().duration());
    return Slice.now(spec.name()).where("ingest_time", since, null);
  }

  private void load(Landed target, String where) {
    try (Session session = site.lake().session()) {
      session.bind("bodies", remembered());
      Rows rows =
          session.query(
              "SELECT batch_id, max(position), max(batch_records) FROM bodies "
                  + where
                  + " GROUP BY batch_id HAVING uuid_extract_version(batch_id) = "
                  + KEYED_VERSION
                  + " ORDER BY max(ingest_time) DESC",
              site.config().bronze().keysMax());
      for (List<Object> row : rows.rows().reversed()) {
        var body = new Landed.Body((long) row.get(1), null, row.get(2) != null);
        target.landed((UUID) row.get(0), body);
      }
      if (rows.truncated()) {
        target.forgetful();
      }
    }
  }

  /**
   * What has landed of bodies that come again, from the hashes of their records; not where some of
   * them are outside of {@code slice}.
   */
  private void read(Landed target, List<UUID> batches, Slice slice) {
    try (Session session = site.lake().session()) {
      session.bind("bodies", slice);
      String sql =
          "SELECT batch_id, any_value(header), sum(%s), sum(%s), count(*) FROM bodies %s GROUP BY 1"
              .formatted(weighed(0), weighed(Fingerprint.LANE_BYTES), among(batches));
      for (List<Object> row : session.query(sql, batches.size()).rows()) {
        UUID batch = (UUID) row.get(0);
        Landed.Body body = target.body(batch);
        if ((long) row.get(4) >= body.position()) {
          target.landed(batch, new Landed.Body(body.position(), print(row), body.whole()));
        }
      }
    }
  }

  private static Fingerprint print(List<Object> row) {
    byte[] header = (byte[]) row.get(1);
    return Fingerprint.of(header == null ? null : Bytes.of(header))
        .plus(((Number) row.get(2)).longValue(), ((Number) row.get(3)).longValue());
  }

  /** As {@link Fingerprint} does, but exactly: no body is so long that a HUGEINT overflows. */
  private static String weighed(int from) {
    int digits = 2 * Fingerprint.LANE_BYTES;
    return "('0x' || substr(hex(hash), %d, %d))::HUGEINT * position"
        .formatted(2 * from + 1, digits);
  }
}
