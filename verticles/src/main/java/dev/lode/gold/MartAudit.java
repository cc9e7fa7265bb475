package dev.lode.gold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableSpec;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Compares some keys of an incremental mart with what its SELECT gives of all rows of its inputs,
 * as they were when it was built. Not thread-safe.
 */
final class MartAudit {
  private static final Logger LOG = LoggerFactory.getLogger(MartAudit.class);

  private final Lake lake;
  private final LodeConfig.Gold config;
  private final RandomGenerator random;

  MartAudit(Lake lake, LodeConfig.Gold config, RandomGenerator random) {
    this.lake = requireNonNull(lake, "lake is null");
    this.config = requireNonNull(config, "config is null");
    this.random = requireNonNull(random, "random is null");
  }

  /** Answers what differs, by tenant; nothing, too, where it cannot be told now. */
  List<MartBuilder.Failed> differences(Mart mart, Heads heads) {
    Snapshot own = heads.own();
    try (Session session = lake.session()) {
      session.limit(config.auditTime().duration());
      for (var input : mart.inputs()) {
        Long at = own.watermark(input);
        session.bind(input.toString(), at == null ? Slice.now(input) : Slice.at(input, at));
      }
      session.bind("lode_audited", Slice.at(mart.table(), own.id()));
      return session.query(differing(mart, heads), 1000).rows().stream()
          .map(row -> failed(row))
          .toList();
    } catch (Failure e) {
      LOG.info("Cannot audit " + mart.table() + " now: " + e.getMessage());
      return List.of();
    }
  }

  private static MartBuilder.Failed failed(List<Object> row) {
    return new MartBuilder.Failed(
        String.valueOf(row.get(0)),
        "audit",
        ((Number) row.get(1)).longValue(),
        "key " + row.get(2) + " is not what all rows give");
  }

  private String differing(Mart mart, Heads heads) {
    TableSpec spec = lake.spec(mart.table());
    long parts = Math.max(1, heads.own().rows() / config.auditKeys());
    String key = Keys.list(mart.tableKey());
    String some =
        "hash(%s, %d) %% %d = 0 AND tenant_id NOT IN (%s)"
            .formatted(key, random.nextInt(), parts, Keys.literals(unaudited(heads)));
    String columns = columns(spec);
    var sides = new ArrayList<String>();
    for (String from : List.of("lode_audited", "(\n" + mart.sql() + "\n)")) {
      sides.add("SELECT %s FROM %s WHERE %s".formatted(columns, from, some));
    }
    return """
    WITH shown AS (%1$s), wanted AS (%2$s)
    SELECT tenant_id, count(*), min(CAST((%3$s) AS VARCHAR)) FROM (
      (FROM shown EXCEPT FROM wanted) UNION ALL (FROM wanted EXCEPT FROM shown))
    GROUP BY tenant_id\
    """
        .formatted(sides.get(0), sides.get(1), key);
  }

  /** Theirs are known to be older; without any, nobody's. */
  private static List<String> unaudited(Heads heads) {
    return heads.held().isEmpty() ? List.of("") : List.copyOf(heads.held());
  }

  /** Sums of floating-point numbers differ in their last digits with the order of the rows. */
  private static String columns(TableSpec spec) {
    Map<String, String> floating = Map.of("DOUBLE", "FLOAT", "FLOAT", "FLOAT");
    return spec.fields().stream()
        .map(
            field -> {
              String name = Keys.quoted(field.name());
              String type = floating.get(field.type());
              return type == null ? name : "CAST(%s AS %s) AS %s".formatted(name, type, name);
            })
        .collect(Collectors.joining(", "));
  }
}
