package dev.lode.proof;

import static dev.lode.fold.Nodes.maps;

import dev.lode.fold.Nodes;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all parts of one proof share.
 *
 * @param touched by table, the parts of the key as expressions over its rows
 */
record Ground(
    Session session,
    Values values,
    Functions functions,
    Proof.Tables tables,
    Proof.Claim claim,
    Map<TableName, List<Map<String, Object>>> touched) {
  static final String OTHERWISE = "compute it from all rows, materialization: table";

  /** Whether the same rows must give the same, too. */
  boolean isRepeatable() {
    return claim.isRepeatable();
  }

  boolean readsTouched(Map<String, Object> node) {
    var found = new boolean[1];
    Nodes.walk(
        node,
        inner ->
            found[0] |=
                Nodes.is(inner, "BASE_TABLE")
                    && touched.keySet().stream()
                        .anyMatch(
                            t ->
                                t.toString()
                                    .equalsIgnoreCase(String.join(".", Nodes.path(inner)))));
    return found[0];
  }

  /**
   * Part {@code index} of the key is not what is touched.
   *
   * @param select where it is made
   */
  Unproven other(Map<String, Object> select, int index) {
    String name = claim.key().get(index);
    Map<String, Object> item =
        maps(select.get("select_list")).stream()
            .filter(each -> name.equals(Selects.name(each)))
            .findFirst()
            .orElse(Map.of());
    String by =
        claim.touched().values().stream()
            .map(key -> key.get(index))
            .distinct()
            .sorted()
            .collect(Collectors.joining(" and "));
    String made = item.isEmpty() || hasOthers(item) ? "" : Nodes.expression(session, item);
    return new Unproven(
        item.isEmpty() ? first(select) : item,
        "%s is made%s, but the rows that changed are found by %s"
            .formatted(name, made.isEmpty() ? " of rows of several keys" : " as " + made, by),
        made.isEmpty() || made.equals(by)
            ? "make it from %s alone, in every SELECT and GROUP BY, or %s".formatted(by, OTHERWISE)
            : "write the same in both places, -- incremental: <table> by %s = %s, or %s"
                .formatted(name, made, OTHERWISE));
  }

  private static Map<String, Object> first(Map<String, Object> select) {
    var items = maps(select.get("select_list"));
    return items.isEmpty() ? select : items.getFirst();
  }

  /** Whether it is no expression over a row. */
  private boolean hasOthers(Map<String, Object> item) {
    var found = new boolean[1];
    Nodes.walk(
        item,
        node ->
            found[0] |=
                Set.of("WINDOW", "SUBQUERY").contains(Nodes.text(node, "class"))
                    || (Nodes.is(node, "FUNCTION")
                        && functions.isAggregate(Expressions.name(node))));
    return found[0];
  }
}
