package dev.lode.proof;

import static dev.lode.proof.Functions.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the names of one SELECT are looked up, as the engine does: columns before aliases. */
final class Scope {
  private final Values values;
  private final Scope outer;
  private final int number;
  private final List<Source> sources = new ArrayList<>();

  /** Columns that a join has merged. */
  private final Map<String, Integer> merged = new LinkedHashMap<>();

  /** What the SELECT names itself, so far. */
  private final Map<String, Integer> aliases = new HashMap<>();

  /**
   * A relation by its name.
   *
   * @param path of the table; empty where it is none
   * @param extended joins that may put nulls in place of its rows
   */
  record Source(String alias, List<String> path, Relation relation, List<Integer> extended) {
    Source {
      path = List.copyOf(path);
      extended = List.copyOf(extended);
    }

    Source extended(int join) {
      var all = new ArrayList<>(extended);
      all.add(join);
      return new Source(alias, path, relation, all);
    }

    private List<Integer> known(String name) {
      return relation.columns().stream()
          .filter(column -> column.name().equals(name))
          .map(Relation.Column::value)
          .toList();
    }

    private boolean mayHave(String name) {
      return relation.isOpen() && !relation.hidden().contains(name);
    }
  }

  /**
   * @param outer null for none
   */
  Scope(Values values, Scope outer) {
    this.values = values;
    this.outer = outer;
    this.number = values.fresh();
  }

  List<Source> sources() {
    return sources;
  }

  Map<String, Integer> merged() {
    return merged;
  }

  void add(Scope other) {
    sources.addAll(other.sources);
    other.merged.forEach(merged::putIfAbsent);
  }

  /** All of them may be null from now on. */
  Scope extended() {
    int join = values.fresh();
    sources.replaceAll(source -> source.extended(join));
    merged.replaceAll((name, value) -> values.opaque(List.of("extended", join, value)));
    return this;
  }

  void alias(String name, int value) {
    aliases.put(name, value);
  }

  private int ambiguous(String name) {
    return values.opaque(List.of("name", number, name));
  }

  /** The value of a column by its name, whose parts are {@code path}. */
  int value(List<?> path) {
    List<String> names = path.stream().map(Functions::lower).toList();
    if (names.size() == 1) {
      return plain(names.getFirst());
    }
    for (Source source : sources) {
      if (source.alias().equals(names.getFirst())) {
        return fields(column(source, names.get(1)), names.subList(2, names.size()));
      }
      if (names.size() > 2 && source.path().equals(names.subList(0, 2))) {
        return fields(column(source, names.get(2)), names.subList(3, names.size()));
      }
    }
    return outer != null && outer.knows(names.getFirst())
        ? outer.value(path)
        : fields(plain(names.getFirst()), names.subList(1, names.size()));
  }

  private boolean knows(String alias) {
    return sources.stream().anyMatch(source -> source.alias().equals(alias))
        || (outer != null && outer.knows(alias));
  }

  private int fields(int value, List<String> names) {
    return names.isEmpty() ? value : values.function("field " + names, List.of(value));
  }

  /** Whether a column of this name is surely there. */
  boolean has(String name) {
    return merged.containsKey(name)
        || sources.stream().anyMatch(source -> !source.known(name).isEmpty());
  }

  private int plain(String name) {
    if (merged.containsKey(name)) {
      return merged.get(name);
    }
    var having = sources.stream().filter(source -> !source.known(name).isEmpty()).toList();
    if (!having.isEmpty()) {
      return having.size() == 1 ? column(having.getFirst(), name) : ambiguous(name);
    }
    var open = sources.stream().filter(source -> source.mayHave(name)).toList();
    if (aliases.containsKey(name)) {
      int alias = aliases.get(name);
      boolean isSame = open.stream().allMatch(source -> column(source, name) == alias);
      return isSame ? alias : ambiguous(name);
    }
    if (open.size() == 1) {
      return column(open.getFirst(), name);
    }
    return open.isEmpty() && outer != null ? outer.plain(name) : ambiguous(name);
  }

  int column(Source source, String name) {
    List<Integer> found = source.known(name);
    int value =
        found.size() == 1
            ? found.getFirst()
            : found.isEmpty() && source.mayHave(name)
                ? values.column(source.relation().rest(), name)
                : values.opaque(List.of("column", number, source.alias(), name));
    for (int join : source.extended()) {
      value = values.opaque(List.of("extended", join, value));
    }
    return value;
  }

  /** Whether rows that agree in {@code by} are one row of what is read here. */
  boolean isRowDetermined(Set<Integer> by) {
    return sources.stream().allMatch(source -> isDetermined(source, by));
  }

  private boolean isDetermined(Source source, Set<Integer> by) {
    Relation relation = source.relation();
    if (!source.extended().isEmpty()) {
      return false;
    }
    return relation.isOpen()
        ? values.isRowDetermined(relation.rest(), by)
        : relation.columns().stream().allMatch(c -> values.isDetermined(c.value(), by));
  }

  /** What a star stands for; {@code alias} empty for everything. */
  Optional<Relation> star(String alias, Set<String> excluded) {
    var columns = new ArrayList<Relation.Column>();
    var hidden = new HashSet<>(excluded);
    int rest = 0;
    boolean isAll = alias.isEmpty();
    var once = new LinkedHashMap<>(isAll ? merged : Map.<String, Integer>of());
    var wanted = sources.stream().filter(s -> isAll || s.alias().equals(alias)).toList();
    for (Source source : wanted) {
      for (var column : source.relation().columns()) {
        String name = column.name();
        if (once.containsKey(name)) {
          columns.add(new Relation.Column(name, once.remove(name)));
        } else if (!isAll || !merged.containsKey(name)) {
          columns.add(new Relation.Column(name, column(source, name)));
        }
      }
      if (source.relation().isOpen()) {
        hidden.addAll(source.relation().hidden());
        boolean isPlain = rest == 0 && source.extended().isEmpty();
        rest = isPlain ? source.relation().rest() : values.instance(List.of());
      }
    }
    once.forEach((name, value) -> columns.add(new Relation.Column(name, value)));
    hidden.addAll(isAll ? merged.keySet() : Set.of());
    columns.removeIf(column -> excluded.contains(column.name()));
    return wanted.isEmpty() ? Optional.empty() : Optional.of(Relation.named(columns, rest, hidden));
  }

  static String aliasOf(Map<String, Object> from, List<String> path) {
    Object alias = from.get("alias");
    return lower(
        alias == null || alias.equals("") ? (path.isEmpty() ? "" : path.getLast()) : alias);
  }
}
