package dev.lode.proof;

import static dev.lode.fold.Nodes.is;
import static dev.lode.fold.Nodes.list;
import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.text;
import static dev.lode.proof.Functions.lower;

import dev.lode.codecs.Failure;
import dev.lode.fold.Nodes;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What stands after FROM. Sides that both lack rows must be joined on the whole key. */
final class Joins {
  private static final String ON_THE_KEY =
      "join them ON tenant_id and the whole key, as each is touched";

  private final Ground ground;
  private final Selects selects;

  /**
   * @param relation its columns are those of {@code scope}
   */
  record From(Scope scope, Relation relation) {}

  Joins(Ground ground, Selects selects) {
    this.ground = ground;
    this.selects = selects;
  }

  /**
   * @param where as good as ON for inner joins; empty for none
   */
  From read(Map<String, Object> from, Map<String, Object> where, Scope outer) {
    if (!isInner(from)) {
      return read(from, outer);
    }
    var parts = new ArrayList<From>();
    var equal = new ArrayList<Equal>();
    Scope all = inner(from, outer, parts, equal);
    equals(where, all, equal);
    return new From(all, together(from, parts, equal));
  }

  private From read(Map<String, Object> from, Scope outer) {
    if (from.get("sample") != null || from.get("at_clause") != null) {
      throw new Unproven(from, "it reads a sample, or a table as it was", Ground.OTHERWISE);
    }
    return switch (text(from, "type")) {
      case "EMPTY" -> new From(new Scope(ground.values(), outer), constant(List.of(), 0));
      case "BASE_TABLE" -> table(from, outer);
      case "SUBQUERY" -> {
        var node = map(map(from.get("subquery")).get("node"));
        yield source(from, List.of(), selects.relation(node, outer), outer);
      }
      case "EXPRESSION_LIST" -> rows(from, outer);
      case "TABLE_FUNCTION" -> function(from, outer);
      case "JOIN" -> join(from, outer);
      default -> throw new Unproven(from, "what it reads is not known here", Ground.OTHERWISE);
    };
  }

  private static Relation constant(List<Relation.Column> columns, int rest) {
    return Relation.constant(columns, rest);
  }

  private From source(Map<String, Object> from, List<String> path, Relation relation, Scope outer) {
    var scope = new Scope(ground.values(), outer);
    Relation named = Selects.named(from, relation, from.get("column_name_alias"));
    String alias = Scope.aliasOf(from, path);
    scope.sources().add(new Scope.Source(alias, path, named, List.of()));
    return new From(scope, relation);
  }

  private From table(Map<String, Object> from, Scope outer) {
    List<String> path = Nodes.path(from).stream().map(Functions::lower).toList();
    if (path.size() == 1) {
      var common = selects.common(path.getFirst());
      if (common.isPresent()) {
        return source(from, path, common.get(), outer);
      }
    }
    try {
      return source(from, path, table(TableName.of(String.join(".", path))), outer);
    } catch (Failure e) {
      throw new Unproven(from, "it reads " + path + ", which is no table", "name its layer");
    }
  }

  private Relation table(TableName name) {
    var values = ground.values();
    int instance = values.instance(ground.tables().rowKey(name));
    var known =
        ground.tables().columns(name).orElse(List.of()).stream()
            .map(c -> new Relation.Column(lower(c), values.column(instance, lower(c))))
            .toList();
    Relation all = constant(known, known.isEmpty() ? instance : 0);
    var touched = ground.touched().get(name);
    if (touched == null) {
      return all;
    }
    var row = new Scope(values, null);
    row.sources().add(new Scope.Source(name.name(), List.of(), all, List.of()));
    var expressions = new Expressions(ground, row, selects::relation);
    var keys = touched.stream().map(part -> Set.of(expressions.value(part))).toList();
    int tenant = row.value(List.of("tenant_id"));
    return new Relation(all.columns(), all.rest(), Set.of(), true, keys, Set.of(tenant));
  }

  private From rows(Map<String, Object> from, Scope outer) {
    var expressions = new Expressions(ground, new Scope(ground.values(), outer), selects::relation);
    int width = 0;
    for (Object row : list(from.get("values"))) {
      maps(row).forEach(expressions::value);
      width = Math.max(width, list(row).size());
    }
    var columns = new ArrayList<Relation.Column>();
    for (int i = 0; i < width; i++) {
      columns.add(new Relation.Column("col" + i, ground.values().fresh()));
    }
    return source(from, List.of(), constant(columns, 0), outer);
  }

  /** What it gives is made from its arguments: constants, or columns of what stands before it. */
  private From function(Map<String, Object> from, Scope outer) {
    Map<String, Object> call = map(from.get("function"));
    String name = Expressions.name(call);
    if (!Set.of("unnest", "range", "generate_series").contains(name)) {
      throw new Unproven(from, name + "() is not known to give the same", Ground.OTHERWISE);
    }
    var expressions = new Expressions(ground, new Scope(ground.values(), outer), selects::relation);
    maps(call.get("arguments")).forEach(a -> expressions.value(map(a.get("expression"))));
    var scope = new Scope(ground.values(), outer);
    var names = list(from.get("column_name_alias"));
    Relation relation =
        names.isEmpty()
            ? constant(List.of(), ground.values().instance(List.of()))
            : constant(names.stream().map(this::fresh).toList(), 0);
    String alias = Scope.aliasOf(from, List.of(name));
    scope.sources().add(new Scope.Source(alias, List.of(), relation, List.of()));
    return new From(scope, relation);
  }

  private Relation.Column fresh(Object name) {
    return new Relation.Column(lower(name), ground.values().fresh());
  }

  private static boolean isInner(Map<String, Object> from) {
    return is(from, "JOIN")
        && text(from, "join_type").equals("INNER")
        && Set.of("REGULAR", "CROSS").contains(text(from, "ref_type"));
  }

  /** Gathers the sides of inner joins, and what is equal in all of their rows. */
  private Scope inner(Map<String, Object> from, Scope outer, List<From> parts, List<Equal> equal) {
    if (!isInner(from)) {
      From part = read(from, outer);
      parts.add(part);
      return part.scope();
    }
    Scope left = inner(map(from.get("left")), outer, parts, equal);
    // What stands to the right may use what stands to the left.
    Scope right = inner(map(from.get("right")), left, parts, equal);
    Scope both = both(left, right, outer);
    for (Object name : list(from.get("using_columns"))) {
      int one = left.value(List.of(name));
      int other = right.value(List.of(name));
      equal.add(new Equal(one, other));
      boolean isKey = parts.stream().anyMatch(part -> isKey(part.relation(), other));
      boolean isKeyAlready = parts.stream().anyMatch(part -> isKey(part.relation(), one));
      both.merged().put(lower(name), isKey && !isKeyAlready ? other : one);
    }
    equals(map(from.get("condition")), both, equal);
    return both;
  }

  private static boolean isKey(Relation relation, int value) {
    return relation.keys().stream().anyMatch(part -> part.contains(value));
  }

  private Scope both(Scope left, Scope right, Scope outer) {
    var both = new Scope(ground.values(), outer);
    both.add(left);
    both.add(right);
    return both;
  }

  private void equals(Map<String, Object> condition, Scope scope, List<Equal> equal) {
    if (condition.isEmpty()) {
      return;
    }
    var expressions = new Expressions(ground, scope, selects::relation);
    if (is(condition, "CONJUNCTION_AND")) {
      maps(condition.get("children")).forEach(inner -> equals(inner, scope, equal));
    } else if (Set.of("COMPARE_EQUAL", "COMPARE_NOT_DISTINCT_FROM")
        .contains(text(condition, "type"))) {
      int left = expressions.value(map(condition.get("left")));
      int right = expressions.value(map(condition.get("right")));
      equal.add(new Equal(left, right));
    } else {
      expressions.value(condition);
    }
  }

  private Relation together(Map<String, Object> from, List<From> parts, List<Equal> equal) {
    var local = parts.stream().map(From::relation).filter(Relation::local).toList();
    var present = new HashSet<Integer>();
    parts.forEach(part -> present.addAll(part.relation().present()));
    if (local.isEmpty()) {
      return new Relation(List.of(), 0, Set.of(), false, List.of(), present);
    }
    var same = new Classes(equal);
    var keys = new ArrayList<Set<Integer>>();
    for (int part = 0; part < local.getFirst().keys().size(); part++) {
      int each = part;
      boolean isJoined =
          local.getFirst().key(part).stream()
              .anyMatch(
                  first ->
                      local.stream()
                          .allMatch(
                              other -> other.key(each).stream().anyMatch(v -> same.are(first, v))));
      if (!isJoined) {
        throw new Unproven(place(from), "it joins rows of different keys", ON_THE_KEY);
      }
      var all = new HashSet<Integer>();
      local.forEach(relation -> all.addAll(relation.key(each)));
      keys.add(all);
    }
    return new Relation(List.of(), 0, Set.of(), true, keys, present);
  }

  /** Comma joins have no place of their own. */
  private static Map<String, Object> place(Map<String, Object> from) {
    boolean isPlaced =
        from.get("query_location") instanceof Number at && at.doubleValue() < Integer.MAX_VALUE;
    return isPlaced || !is(from, "JOIN") ? from : place(map(from.get("right")));
  }

  /** Of a join that is not inner. */
  private From join(Map<String, Object> from, Scope outer) {
    if (isInner(from)) {
      return read(from, Map.of(), outer);
    }
    String type = text(from, "join_type");
    if (!text(from, "ref_type").equals("REGULAR")
        || !Set.of("LEFT", "RIGHT", "FULL", "SEMI", "ANTI").contains(type)) {
      throw new Unproven(
          from,
          "a %s %s join is not known here".formatted(text(from, "ref_type"), type),
          "write LEFT JOIN");
    }
    From left = read(map(from.get("left")), Map.of(), outer);
    From right = read(map(from.get("right")), Map.of(), left.scope());
    var equal = new ArrayList<Equal>();
    for (Object name : list(from.get("using_columns"))) {
      equal.add(new Equal(left.scope().value(List.of(name)), right.scope().value(List.of(name))));
    }
    equals(map(from.get("condition")), both(left.scope(), right.scope(), outer), equal);
    return switch (type) {
      case "RIGHT" -> kept(from, right, left, new Outer(equal, outer, type));
      case "FULL" -> full(from, left, right, new Outer(equal, outer, type));
      default -> kept(from, left, right, new Outer(equal, outer, type));
    };
  }

  private record Outer(List<Equal> equal, Scope outer, String type) {}

  /** All rows of {@code kept} stay, with or without a match in {@code other}. */
  private From kept(Map<String, Object> from, From kept, From other, Outer join) {
    var keys = keys(from, kept, other, join.equal());
    Scope scope;
    if (join.type().equals("SEMI") || join.type().equals("ANTI")) {
      scope = kept.scope();
    } else {
      boolean isLeft = join.type().equals("LEFT");
      var using = new HashMap<String, Integer>();
      for (Object name : list(from.get("using_columns"))) {
        using.put(lower(name), kept.scope().value(List.of(name)));
      }
      Scope extended = other.scope().extended();
      scope =
          isLeft
              ? both(kept.scope(), extended, join.outer())
              : both(extended, kept.scope(), join.outer());
      scope.merged().putAll(using);
    }
    boolean isLocal = !keys.isEmpty();
    return new From(
        scope, new Relation(List.of(), 0, Set.of(), isLocal, keys, kept.relation().present()));
  }

  private List<Set<Integer>> keys(
      Map<String, Object> from, From kept, From other, List<Equal> equal) {
    if (!other.relation().local()) {
      return kept.relation().keys();
    }
    var same = new Classes(equal);
    var keys = new ArrayList<Set<Integer>>();
    for (int part = 0; part < other.relation().keys().size(); part++) {
      Set<Integer> wanted = other.relation().key(part);
      Set<Integer> own =
          kept.relation().local() ? kept.relation().key(part) : column(kept.scope(), equal, wanted);
      if (own.stream().noneMatch(one -> wanted.stream().anyMatch(two -> same.are(one, two)))) {
        throw new Unproven(from, "it joins rows of different keys", ON_THE_KEY);
      }
      keys.add(own);
    }
    return keys;
  }

  /** A side that lacks no rows has the key where the other's is equal to a column of it. */
  private Set<Integer> column(Scope scope, List<Equal> equal, Set<Integer> wanted) {
    for (Equal pair : equal) {
      if (wanted.contains(pair.right()) && isColumn(scope, pair.left())) {
        return Set.of(pair.left());
      }
      if (wanted.contains(pair.left()) && isColumn(scope, pair.right())) {
        return Set.of(pair.right());
      }
    }
    return Set.of();
  }

  private boolean isColumn(Scope scope, int value) {
    return scope.sources().stream()
        .anyMatch(source -> ground.values().isColumnOf(source.relation(), value));
  }

  /** All rows of both stay: the key is what USING makes of the two. */
  private From full(Map<String, Object> from, From left, From right, Outer join) {
    boolean isLocal = left.relation().local();
    if (isLocal != right.relation().local()) {
      throw new Unproven(
          from,
          "rows without a match come from all rows of a table that is not touched",
          "declare it, -- incremental: <table> by <key>, or write LEFT JOIN");
    }
    var using = new HashMap<String, Equal>();
    for (Object name : list(from.get("using_columns"))) {
      using.put(
          lower(name),
          new Equal(left.scope().value(List.of(name)), right.scope().value(List.of(name))));
    }
    Scope scope = both(left.scope().extended(), right.scope().extended(), join.outer());
    using.forEach((name, pair) -> scope.merged().put(name, ground.values().fresh()));
    var keys = new ArrayList<Set<Integer>>();
    for (int i = 0; isLocal && i < left.relation().keys().size(); i++) {
      int part = i;
      var merged = new HashSet<Integer>();
      using.forEach(
          (name, pair) -> {
            if (left.relation().key(part).contains(pair.left())
                && right.relation().key(part).contains(pair.right())) {
              merged.add(scope.merged().get(name));
            }
          });
      if (merged.isEmpty()) {
        throw new Unproven(
            from, "it joins rows of different keys", "join them USING the whole key");
      }
      keys.add(merged);
    }
    return new From(scope, new Relation(List.of(), 0, Set.of(), isLocal, keys, Set.of()));
  }
}
