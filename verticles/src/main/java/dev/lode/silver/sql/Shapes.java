package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the names of a contract's records mean, shape by shape, as far as they were met: most
 * batches have no other. Of one run at a time.
 */
public final class Shapes {
  /** More of them are of one batch each: they are looked up in a table, and not remembered. */
  private static final int KNOWN_MAX = 64;

  private final Contract contract;
  private final Reading reading;
  private final Map<Long, Object[]> known = new LinkedHashMap<>();
  private boolean loaded;
  private boolean called;

  public Shapes(Contract contract) {
    this.contract = contract;
    this.reading = new Reading(contract);
  }

  public Contract contract() {
    return contract;
  }

  /** Fills {@link Evaluation#EVALUATED} from {@link Evaluation#BATCH}. */
  public void evaluate(Session session) {
    loaded = false;
    called = false;
    if (!known.isEmpty()) {
      session.execute(Evaluation.statement(contract, this));
      String unread = "SELECT count(*) FROM " + Evaluation.EVALUATED + " WHERE _unread";
      if (session.query(unread, 1).count() == 0) {
        return;
      }
      session.execute("DROP TABLE " + Evaluation.EVALUATED);
    }
    learn(session);
    session.execute(Evaluation.statement(contract, this));
  }

  /** Looks at the names of all records of {@link Evaluation#BATCH}. */
  public void learn(Session session) {
    var found = ask(session);
    called = found.stream().anyMatch(reading.naming()::isCalled);
    if (called) {
      found = ask(session);
    }
    var rows = found.stream().map(reading.naming()::read).toList();
    loaded = called || rows.size() > KNOWN_MAX;
    if (loaded) {
      session.load(Naming.SHAPES, reading.naming().ddl(), rows);
      return;
    }
    if (known.size() + rows.size() > KNOWN_MAX) {
      known.clear();
    }
    rows.forEach(row -> known.put((Long) row[0], row));
  }

  private List<Naming.Shape> ask(Session session) {
    String shapes = reading.shapes(Evaluation.BATCH, called);
    return session.query(shapes, Naming.SHAPES_MAX).rows().stream().map(Shapes::shape).toList();
  }

  @SuppressWarnings("unchecked")
  private static Naming.Shape shape(List<Object> row) {
    var names = row.get(2) == null ? List.<List<String>>of() : (List<List<String>>) row.get(2);
    return new Naming.Shape(((Number) row.get(0)).longValue(), (Boolean) row.get(1), names);
  }

  /** The stages of {@link Reading} over {@code batch}. */
  String stages(String batch) {
    return (loaded ? "" : written() + ",\n") + reading.stages(batch, called);
  }

  Reading reading() {
    return reading;
  }

  /** The table, as a stage of the statement. */
  private String written() {
    var columns = new LinkedHashMap<String, String>();
    for (String column : reading.naming().ddl().split(", ", -1)) {
      columns.put(column.split(" ", -1)[0], column.split(" ", -1)[1]);
    }
    var types = List.copyOf(columns.values());
    String rows =
        known.values().stream()
            .map(row -> "(" + literals(row, types) + ")")
            .collect(Collectors.joining(", "));
    String none = "SELECT %s LIMIT 0".formatted(literals(new Object[types.size()], types));
    return "%s(%s) AS (%s)"
        .formatted(
            Naming.SHAPES,
            String.join(", ", columns.keySet()),
            rows.isEmpty() ? none : "VALUES " + rows);
  }

  private static String literals(Object[] row, List<String> types) {
    var literals = new java.util.ArrayList<String>();
    for (int i = 0; i < row.length; i++) {
      String text = row[i] instanceof String string ? Quote.text(string) : String.valueOf(row[i]);
      literals.add(row[i] == null ? "NULL::" + types.get(i) : text);
    }
    return String.join(", ", literals);
  }
}
