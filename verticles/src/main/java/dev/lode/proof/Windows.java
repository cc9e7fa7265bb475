package dev.lode.proof;

import static dev.lode.fold.Nodes.list;
import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.text;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The window functions of one SELECT. */
final class Windows {
  /** They give the same to rows that tie. */
  private static final Set<String> FAIR =
      Set.of("WINDOW_RANK", "WINDOW_RANK_DENSE", "WINDOW_PERCENT_RANK", "WINDOW_CUME_DIST");

  private final Ground ground;
  private final Joins.From from;
  private final Expressions expressions;

  /** Null where its rows are those that it reads. */
  private final Set<Integer> groups;

  Windows(Ground ground, Joins.From from, Expressions expressions, Set<Integer> groups) {
    this.ground = ground;
    this.from = from;
    this.expressions = expressions;
    this.groups = groups;
  }

  void check() {
    for (Map<String, Object> window : List.copyOf(expressions.windows())) {
      Set<Integer> partition = expressions.partition(window);
      Relation read = from.relation();
      if (read.local() && !read.isKeyDetermined(ground.values(), partition)) {
        throw new Unproven(
            window,
            "a window looks at rows of other keys",
            "PARTITION BY tenant_id and the whole key, as it is touched");
      }
      if (ground.isRepeatable() && !isFair(window)) {
        checkOrder(window, partition);
      }
    }
  }

  /** Whether rows that tie are told the same, or nothing of them. */
  private static boolean isFair(Map<String, Object> window) {
    if (FAIR.contains(text(window, "type"))) {
      return true;
    }
    boolean isFramed =
        !text(window, "exclude_clause").equals("NO_OTHER")
            || text(window, "start").endsWith("ROWS")
            || text(window, "end").endsWith("ROWS");
    return text(window, "type").equals("WINDOW_AGGREGATE")
        && Functions.UNORDERED.contains(Expressions.name(window))
        && !isFramed;
  }

  private void checkOrder(Map<String, Object> window, Set<Integer> partition) {
    var by = new HashSet<>(partition);
    expressions.orders(window.get("orders")).forEach(o -> by.addAll(ground.values().unpacked(o)));
    boolean isTotal =
        groups == null
            ? from.scope().isRowDetermined(by)
            : groups.stream().allMatch(group -> ground.values().isDetermined(group, by));
    boolean hasOrder = !list(window.get("orders")).isEmpty();
    if (!isTotal && !(hasOrder && isFirst(window, by))) {
      throw new Unproven(
          window,
          Expressions.name(window) + "() depends on the order of rows that tie",
          "ORDER BY columns that name a row, like lineage_id, or write rank()");
    }
  }

  /** The first row's value is that of all that tie with it. */
  private boolean isFirst(Map<String, Object> window, Set<Integer> by) {
    boolean isPlain =
        text(window, "type").equals("WINDOW_FIRST_VALUE")
            && text(window, "exclude_clause").equals("NO_OTHER")
            && text(window, "start").equals("UNBOUNDED_PRECEDING")
            && !text(window, "end").endsWith("ROWS")
            && window.get("filter_expr") == null
            && list(window.get("arg_orders")).isEmpty();
    return isPlain
        && maps(window.get("arguments")).stream()
            .limit(1)
            .allMatch(
                argument ->
                    ground
                        .values()
                        .isDetermined(expressions.value(map(argument.get("expression"))), by));
  }
}
