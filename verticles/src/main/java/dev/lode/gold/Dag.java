package dev.lode.gold;

import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/** Which mart reads which: found by walking from each mart to its inputs. */
final class Dag {
  private final Map<TableName, Mart> marts;
  private final SequencedSet<TableName> done = new LinkedHashSet<>();
  private final List<TableName> path = new ArrayList<>();
  private String cycle;

  Dag(Map<TableName, Mart> marts) {
    this.marts = marts;
    marts.keySet().forEach(this::walk);
  }

  /** {@code gold.a -> gold.b -> gold.a}, an arrow meaning "reads". */
  Optional<String> cycle() {
    return Optional.ofNullable(cycle);
  }

  /** Inputs first. */
  List<Mart> ordered() {
    return done.stream().map(marts::get).toList();
  }

  private void walk(TableName table) {
    if (!marts.containsKey(table) || done.contains(table)) {
      return;
    }
    int since = path.indexOf(table);
    if (since >= 0) {
      cycle =
          path.subList(since, path.size()).stream()
              .map(name -> name + " -> ")
              .collect(Collectors.joining("", "", table.toString()));
      return;
    }
    path.add(table);
    marts.get(table).inputs().forEach(this::walk);
    path.removeLast();
    done.add(table);
  }
}
