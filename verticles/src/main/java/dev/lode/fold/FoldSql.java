package dev.lode.fold;

import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.text;
import static dev.lode.fold.Nodes.with;

import dev.lode.tables.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A statement taken apart: what must be kept per group so that rows can be added to it, and the
 * statement over what is kept. {@code g0, g1...} are the columns it groups by, {@code a0...} the
 * engine's states of its aggregates; a value that counts once is kept as {@code v0...} beside.
 *
 * @param groups expressions over a row
 * @param states aggregates over rows, by the column that keeps them
 * @param distinct what is counted once, by the column of the value
 * @param keys which of the groups are the keys that changed rows touch
 * @param columns that all of this reads
 * @param result the statement over {@link #GROUPS}
 */
record FoldSql(
    String alias,
    List<String> groups,
    Map<String, String> states,
    Map<String, Once> distinct,
    String where,
    List<Integer> keys,
    Set<String> columns,
    String result) {
  static final String GROUPS = "lode_groups";

  /** A value that is counted once per group, of the rows for which {@code filter} is true. */
  record Once(String value, String filter) {}

  /**
   * @param query over one table
   * @param known the columns of that table
   * @throws Unfoldable with the reason
   */
  static FoldSql of(Session session, Folds.Query query, Set<String> known) {
    Map<String, Object> tree = session.parse(query.sql()).tree();
    return new Maker(session, query, Grouping.of(tree, query.table(), known)).make(tree);
  }

  /** What the rows of {@code relation} add to each group. */
  String partials(String relation) {
    return "SELECT %s%s FROM %s AS %s WHERE %s GROUP BY %s"
        .formatted(
            grouped(),
            states.entrySet().stream()
                .map(state -> ", %s AS %s".formatted(state.getValue(), state.getKey()))
                .collect(Collectors.joining()),
            relation,
            Sql.name(alias),
            where,
            each(i -> String.valueOf(i + 1)));
  }

  /**
   * The values of {@code relation} that are counted once, each once per group, told by its hash.
   */
  String pairs(String relation) {
    return "SELECT *, md5_number(CAST(to_json(struct_pack(%s, %s)) AS VARCHAR)) AS h FROM (%s)"
        .formatted(names(), String.join(", ", distinct.keySet()), values(relation));
  }

  private String values(String relation) {
    return distinct.entrySet().stream()
        .map(
            once ->
                "SELECT DISTINCT %s, %s AS %s FROM %s AS %s WHERE %s AND %s AND %s IS NOT NULL"
                    .formatted(
                        grouped(),
                        once.getValue().value(),
                        once.getKey(),
                        relation,
                        Sql.name(alias),
                        where,
                        once.getValue().filter(),
                        once.getValue().value()))
        .collect(Collectors.joining(" UNION ALL BY NAME "));
  }

  /** How many of the values in {@code pairs} each group has, as states. */
  String counts(String pairs) {
    return "SELECT %s%s FROM %s GROUP BY ALL"
        .formatted(
            names(),
            distinct.keySet().stream()
                .map(value -> ", count(%s) EXPORT_STATE AS n%s".formatted(value, value))
                .collect(Collectors.joining()),
            pairs);
  }

  /** Parts of the same groups as one. */
  String combined(List<String> parts) {
    return "SELECT %s%s FROM (%s) GROUP BY %s"
        .formatted(
            names(),
            kept().stream()
                .map(column -> ", combine_aggr(%1$s) AS %1$s".formatted(column))
                .collect(Collectors.joining()),
            String.join(" UNION ALL BY NAME ", parts),
            names());
  }

  private List<String> kept() {
    var kept = new ArrayList<>(states.keySet());
    distinct.keySet().forEach(value -> kept.add("n" + value));
    return kept;
  }

  /** The rows of {@code relation} with their groups. */
  String rows(String relation, String condition) {
    return "SELECT %s, %s FROM %s AS %s WHERE %s AND %s"
        .formatted(
            columns.stream().map(Sql::name).collect(Collectors.joining(", ")),
            grouped(),
            relation,
            Sql.name(alias),
            where,
            condition);
  }

  private String grouped() {
    return each(i -> groups.get(i) + " AS g" + i);
  }

  String names() {
    return each(i -> "g" + i);
  }

  /** Whether two relations have the same group; null is a group, too. */
  String same(String left, String right) {
    return IntStream.range(0, groups.size())
        .mapToObj(i -> "%s.g%d IS NOT DISTINCT FROM %s.g%d".formatted(left, i, right, i))
        .collect(Collectors.joining(" AND "));
  }

  private String each(IntFunction<String> text) {
    return IntStream.range(0, groups.size()).mapToObj(text).collect(Collectors.joining(", "));
  }

  private static final class Maker {
    private final Session session;
    private final Folds.Query query;
    private final Grouping grouping;
    private final List<Map<String, Object>> groups;
    private final List<String> kept = new ArrayList<>();

    Maker(Session session, Folds.Query query, Grouping grouping) {
      this.session = session;
      this.query = query;
      this.grouping = grouping;
      this.groups = new ArrayList<>(grouping.groups());
    }

    FoldSql make(Map<String, Object> tree) {
      List<Integer> keys = query.keys().stream().map(this::key).toList();
      var states = new LinkedHashMap<String, String>();
      var distinct = new LinkedHashMap<String, Once>();
      for (Map<String, Object> aggregate : grouping.aggregates()) {
        if (Boolean.TRUE.equals(aggregate.get("distinct"))) {
          String value = "v" + distinct.size();
          distinct.put(value, once(aggregate));
          kept.add("n" + value);
        } else {
          String state = "a" + states.size();
          states.put(state, sql(with(aggregate, "export_state", true)));
          kept.add(state);
        }
      }
      refuseUnsteady();
      var columns = new LinkedHashSet<>(grouping.columns());
      if (query.keys().contains("tenant_id")) {
        columns.add("tenant_id");
      }
      return new FoldSql(
          grouping.alias(),
          groups.stream().map(this::sql).toList(),
          states,
          distinct,
          grouping.where() == null ? "true" : sql(Nodes.map(grouping.where())),
          keys,
          columns,
          result(tree));
    }

    private String sql(Map<String, Object> node) {
      return "(" + Nodes.expression(session, node) + ")";
    }

    private Once once(Map<String, Object> count) {
      var argument = Nodes.map(maps(count.get("arguments")).getFirst().get("expression"));
      Object filter = count.get("filter");
      return new Once(sql(argument), filter == null ? "true" : sql(Nodes.map(filter)));
    }

    /** The place of a key among the groups; a query per tenant has the tenant there as well. */
    private int key(String expression) {
      var select = Nodes.select(session, "SELECT " + expression + " FROM " + query.table());
      Map<String, Object> wanted = maps(select.get("select_list")).getFirst();
      int index = Grouping.indexOf(groups, wanted);
      if (index < 0 && query.perTenant() && expression.equals("tenant_id")) {
        groups.add(wanted);
        return groups.size() - 1;
      }
      if (index < 0) {
        throw new Unfoldable("it does not group by " + expression);
      }
      return index;
    }

    /** A function that may tell something else tomorrow, or of other rows, cannot be added to. */
    private void refuseUnsteady() {
      var names = grouping.functions();
      var rows =
          session.query(
              """
              SELECT function_name FROM duckdb_functions() WHERE function_name IN (%s) GROUP BY ALL
              HAVING bool_and(function_type = 'scalar' AND stability = 'CONSISTENT')"""
                  .formatted(Sql.texts(names)),
              Integer.MAX_VALUE);
      var steady = rows.rows().stream().map(List::getFirst).toList();
      for (String name : names) {
        if (!steady.contains(name)) {
          throw new Unfoldable("it calls " + name + "()");
        }
      }
    }

    private String result(Map<String, Object> tree) {
      var select = grouping.select();
      var items = grouping.items().stream().map(this::item).toList();
      var from = Nodes.select(session, "SELECT 1 FROM " + GROUPS);
      var over = with(with(from, "select_list", items), "modifiers", List.of());
      Object replaced =
          Nodes.replace(
              tree.get("node"), node -> node.equals(select) ? Optional.of(over) : Optional.empty());
      return Nodes.sql(session, Nodes.map(replaced));
    }

    /** Named as before. */
    private Map<String, Object> item(Map<String, Object> item) {
      String name = text(item, "alias");
      if (name.isEmpty() && Nodes.is(item, "COLUMN_REF")) {
        name = String.valueOf(Nodes.list(item.get("column_names")).getLast());
      }
      if (name.isEmpty()) {
        throw new Unfoldable("each of its columns needs a name");
      }
      return with(Nodes.map(Nodes.replace(item, this::kept)), "alias", name);
    }

    private Optional<Object> kept(Map<String, Object> node) {
      int group = node.containsKey("class") ? Grouping.indexOf(groups, node) : -1;
      if (group >= 0) {
        return Optional.of(parsed("g" + group));
      }
      int aggregate =
          Grouping.isAggregate(node) ? Grouping.indexOf(grouping.aggregates(), node) : -1;
      if (aggregate >= 0) {
        return Optional.of(parsed("finalize(" + kept.get(aggregate) + ")"));
      }
      if (Nodes.is(node, "COLUMN_REF") && !isName(node)) {
        throw new Unfoldable(
            "it neither groups by " + node.get("column_names") + " nor aggregates it");
      }
      return Optional.empty();
    }

    /** Of another column of the same SELECT. */
    private boolean isName(Map<String, Object> node) {
      List<?> path = Nodes.list(node.get("column_names"));
      return path.size() == 1
          && grouping.items().stream()
              .anyMatch(item -> text(item, "alias").equals(path.getFirst()));
    }

    private Map<String, Object> parsed(String expression) {
      var select = Nodes.select(session, "SELECT " + expression);
      return maps(select.get("select_list")).getFirst();
    }
  }
}
