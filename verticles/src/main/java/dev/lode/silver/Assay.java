package dev.lode.silver;

import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.Rule;
import dev.lode.silver.sql.DuplicateSql;
import dev.lode.silver.sql.Evaluation;
import dev.lode.silver.sql.Moves;
import dev.lode.silver.sql.Outputs;
import dev.lode.silver.sql.Shapes;
import dev.lode.silver.sql.Unsent;
import dev.lode.tables.Halving;
import dev.lode.tables.KeyLookup;
import dev.lode.tables.Lake;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A batch of Bronze judged by its contract, in a session that it owns until it is closed. */
final class Assay implements AutoCloseable {
  private final Session session;
  private final Contract contract;
  private Outputs outputs;
  private final Shapes shapes;
  private List<Tally> tallies;
  private final boolean whole;
  private boolean truncates;

  private Assay(Session session, Shapes shapes, boolean whole) {
    this.whole = whole;
    this.session = session;
    this.shapes = shapes;
    this.contract = shapes.contract();
    this.outputs = new Outputs(contract);
  }

  /**
   * @param batch binds the records to judge as {@link Evaluation#BATCH}
   */
  static Assay of(Lake lake, Shapes shapes, HmacKey key, Consumer<Session> batch) {
    return new Assay(lake.session(), shapes, false).over(key, batch);
  }

  /** The same, where the batch is all there ever was of its tenant. */
  static Assay ofAll(Lake lake, Shapes shapes, HmacKey key, Consumer<Session> batch) {
    return new Assay(lake.session(), shapes, true).over(key, batch);
  }

  private Assay over(HmacKey key, Consumer<Session> batch) {
    try {
      batch.accept(session);
      evaluate(key);
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void evaluate(HmacKey key) {
    if (Evaluation.keyed(contract)) {
      session.load(
          Evaluation.HMAC_KEY,
          "_inner BLOB, _outer BLOB, _salted BOOLEAN",
          List.<Object[]>of(key.row()));
    }
    judge();
    var duplicates = new DuplicateSql(contract);
    if (!contract.duplicateRules().isEmpty()) {
      contract.duplicateRules().forEach(rule -> bindNear(duplicates, rule));
      session.execute(duplicates.statement());
    }
    session.execute(duplicates.outcome());
    effects();
    tallies = tally();
  }

  /** Leaves what the accepted records do, key by key. */
  private void effects() {
    var moves = new Moves(contract);
    boolean moving = false;
    if (moves.any()) {
      var counts = session.query(Moves.counts(), 1).rows().getFirst();
      moving = count(counts, 0) > 0;
      truncates = count(counts, 1) > 0;
    }
    var unsent = new Unsent(contract);
    if (unsent.possible()) {
      var counts = session.query(unsent.counts(), 1).rows().getFirst();
      if (count(counts, 0) > 0) {
        fill(unsent, count(counts, 1));
      }
    }
    if (moves.any()) {
      session.execute(moves.statement(moving));
    }
  }

  private static long count(List<Object> row, int column) {
    return ((Number) row.get(column)).longValue();
  }

  /**
   * Gives records the values that were not sent with them.
   *
   * @param moved how many of them moved from another key
   */
  private void fill(Unsent unsent, long moved) {
    if (!whole) {
      var base = contract.history() ? contract.historyTable() : contract.table();
      session.bind(Unsent.BASE, new KeyLookup(base, outputs.key(), unsent.keys(), List.of()));
    }
    session.execute(unsent.events(!whole));
    long open = moved;
    for (long before = Long.MAX_VALUE; open > 0 && open < before; ) {
      before = open;
      session.execute(unsent.follow(truncates));
      open = session.query(unsent.open(), 1).count();
    }
    unsent.settle(truncates).forEach(session::execute);
  }

  private void judge() {
    try {
      shapes.evaluate(session);
    } catch (Failure e) {
      if (!Halving.isOfRows(e)) {
        throw e;
      }
      new Salvage(session, shapes).evaluate();
      outputs = new Outputs(contract, true);
    }
  }

  private void bindNear(DuplicateSql duplicates, Rule.Duplicate rule) {
    var bounding = duplicates.bounding(rule);
    var slice = bounding.map(this::near).orElseGet(() -> Slice.now(contract.table()));
    session.bind(duplicates.near(rule), slice);
  }

  /** Rows without a value lie within no bounds: then all of Silver is near. */
  private Slice near(Property property) {
    var bounds = session.query(DuplicateSql.bounds(property), 1).rows().getFirst();
    var all = Slice.now(contract.table());
    return bounds.getLast() instanceof Number without && without.longValue() > 0
        ? all
        : between(all, property.name(), bounds);
  }

  /** {@code bounds} begin with the least and the greatest value. */
  static Slice between(Slice slice, String column, List<Object> bounds) {
    return bounds.get(0) == null
        ? slice
        : slice.where(column, bound(bounds.get(0)), bound(bounds.get(1)));
  }

  private static Object bound(Object value) {
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  private List<Tally> tally() {
    var failed = new HashMap<String, Map<String, Long>>();
    for (var row : session.query(outputs.failures(), Integer.MAX_VALUE).rows()) {
      failed
          .computeIfAbsent((String) row.get(0), tenant -> new HashMap<>())
          .put((String) row.get(1), ((Number) row.get(2)).longValue());
    }
    var found = new ArrayList<Tally>();
    for (var row : session.query(outputs.totals(), Integer.MAX_VALUE).rows()) {
      String tenant = (String) row.get(0);
      found.add(
          new Tally(
              tenant,
              ((Number) row.get(1)).longValue(),
              ((Number) row.get(2)).longValue(),
              (Instant) row.get(3),
              failed.getOrDefault(tenant, Map.of())));
    }
    return found;
  }

  Session session() {
    return session;
  }

  Contract contract() {
    return contract;
  }

  Shapes shapes() {
    return shapes;
  }

  Outputs outputs() {
    return outputs;
  }

  /** Whether a record of the batch deletes all rows of its tenant. */
  boolean truncates() {
    return truncates;
  }

  /** One for each tenant that has records in the batch. */
  List<Tally> tallies() {
    return tallies;
  }

  long rejected() {
    return tallies.stream().mapToLong(Tally::rejected).sum();
  }

  /** The number that a rule about the whole asks for. */
  BigDecimal whole(Rule.Whole rule, String tenantId) {
    if (rule.query() == null) {
      session.bind("counted", Slice.now(contract.table()).tenant(tenantId));
      return BigDecimal.valueOf(session.query("SELECT count(*) FROM counted", 1).count());
    }
    return new BigDecimal(String.valueOf(ask(rule, tenantId).single()));
  }

  /** The rule's own query over the accepted records. */
  Rows ask(Rule.Whole rule, String tenantId) {
    return session.query(rule.query().replace("{object}", outputs.accepted(tenantId)), 1);
  }

  @Override
  public void close() {
    session.close();
  }
}
