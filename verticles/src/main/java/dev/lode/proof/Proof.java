package dev.lode.proof;

import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;

import dev.lode.fold.Nodes;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Proves claims about SELECTs, or says why it cannot. */
public final class Proof {
  /** What is said to do where there is no better way. */
  public static final String WHOLE = Ground.OTHERWISE;

  private final Session session;
  private final Functions functions;
  private final Tables tables;

  /** What is known of tables before there are any. */
  public interface Tables {
    /** Knows nothing. */
    Tables UNKNOWN =
        new Tables() {
          @Override
          public Optional<List<String>> columns(TableName table) {
            return Optional.empty();
          }

          @Override
          public List<String> rowKey(TableName table) {
            return List.of();
          }
        };

    /** What a lake has. */
    static Tables of(Lake lake) {
      return new Tables() {
        @Override
        public Optional<List<String>> columns(TableName table) {
          return spec(table)
              .map(spec -> spec.fields().stream().map(TableSpec.Field::name).toList());
        }

        @Override
        public List<String> rowKey(TableName table) {
          return spec(table).map(TableSpec::key).orElse(List.of());
        }

        private Optional<TableSpec> spec(TableName table) {
          return lake.exists(table) ? Optional.of(lake.spec(table)) : Optional.empty();
        }
      };
    }

    /** All of its columns, in order; empty where they are not known. */
    Optional<List<String>> columns(TableName table);

    /** Columns that name a row; empty for none. */
    List<String> rowKey(TableName table);
  }

  /**
   * The rows that a SELECT gives of some keys are the same when each of the {@code touched} tables
   * lacks all rows of other keys.
   *
   * @param key columns of the SELECT
   * @param touched by table, the parts of the key as SQL over its rows; tables that are not there
   *     lack nothing
   * @param isRepeatable also: computed again from the same rows, it gives the same
   */
  public record Claim(
      List<String> key, Map<TableName, List<String>> touched, boolean isRepeatable) {
    public Claim {
      key = List.copyOf(key);
      touched = Map.copyOf(touched);
    }
  }

  public Proof(Session session, Functions functions, Tables tables) {
    this.session = session;
    this.functions = functions;
    this.tables = tables;
  }

  /**
   * @param doubt empty where the claim is proven
   * @param isKeyPresent whether it is proven, too, that no part of a key is ever null
   */
  public record Verdict(Optional<Unproven> doubt, boolean isKeyPresent) {}

  /** Whether {@code claim} is proven for {@code sql}. */
  public Verdict judge(String sql, Claim claim) {
    try {
      var parsed = new LinkedHashMap<TableName, List<Map<String, Object>>>();
      claim
          .touched()
          .forEach((table, key) -> parsed.put(table, key.stream().map(this::expression).toList()));
      var values = new Values();
      var ground = new Ground(session, values, functions, tables, claim, parsed);
      Map<String, Object> root = map(session.parse(sql).tree().get("node"));
      Relation read = new Selects(ground).relation(root);
      for (int i = 0; i < claim.key().size(); i++) {
        if (!has(values, read, claim.key().get(i), i)) {
          throw ground.other(root, i);
        }
      }
      return new Verdict(
          Optional.empty(),
          read.keys().stream().noneMatch(part -> Collections.disjoint(part, read.present())));
    } catch (Unproven e) {
      return new Verdict(Optional.of(e), false);
    } catch (StackOverflowError e) {
      var deep = new Unproven(Map.of(), "it is nested too deeply", "split it");
      return new Verdict(Optional.of(deep), false);
    }
  }

  private Map<String, Object> expression(String sql) {
    return maps(Nodes.select(session, "SELECT " + sql).get("select_list")).getFirst();
  }

  /** Whether the column is part {@code index} of the key in every row. */
  private static boolean has(Values values, Relation read, String name, int index) {
    var found = read.columns().stream().filter(column -> column.name().equals(name)).toList();
    Set<Integer> key = read.key(index);
    if (found.isEmpty()) {
      return read.isOpen()
          && !read.hidden().contains(name)
          && key.contains(values.column(read.rest(), name));
    }
    return found.size() == 1 && key.contains(found.getFirst().value());
  }
}
