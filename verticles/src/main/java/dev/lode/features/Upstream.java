package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.features.offline.Changes;
import dev.lode.features.spec.View;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that a view is made from, and how far it has consumed each. */
final class Upstream {
  private static final String DEFINITION = "lode.source.definition";

  private final Lake lake;
  private final View view;
  private final List<TableName> tables;
  private final String definition;

  private Upstream(Lake lake, View view, List<TableName> tables) {
    this.lake = requireNonNull(lake, "lake is null");
    this.view = requireNonNull(view, "view is null");
    this.tables = List.copyOf(tables);
    this.definition = view.source() == null ? "pushed" : Changes.definition(view);
  }

  /** Finds the tables of a view; its SQL is read by the engine's own parser. */
  static Upstream of(Lake lake, View view) {
    if (view.source() == null) {
      return new Upstream(lake, view, List.of());
    }
    if (view.source().table() != null) {
      return new Upstream(lake, view, List.of(TableName.of(view.source().table())));
    }
    try (Session session = lake.session()) {
      var tables = session.parse(view.source().sql()).tables();
      return new Upstream(lake, view, tables.stream().map(TableName::of).toList());
    } catch (Failure e) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG, "Cannot compute " + view.name() + ": " + e.getMessage());
    }
  }

  List<TableName> tables() {
    return tables;
  }

  /** The columns of {@code table} that hold the keys of what a row of it touches. */
  List<String> keyColumns(TableName table) {
    return view.source().table() != null
        ? view.keyNames()
        : view.source().touched().get(table.toString());
  }

  /** Of the source, where it is a table; what SQL gives is only known when it is bound. */
  Optional<Set<String>> columns() {
    return view.source().table() == null
        ? Optional.empty()
        : Optional.of(
            lake.spec(tables.getFirst()).fields().stream()
                .map(TableSpec.Field::name)
                .collect(Collectors.toSet()));
  }

  /** From what was consumed to what there is. */
  record Move(TableName table, Long from, long to, Instant committedAt) {}

  /**
   * What there is to consume.
   *
   * @param heads of all tables that have one
   * @param whole every entity must be evaluated, not only those that changes touch
   */
  record Moves(
      List<Move> moved, Map<TableName, Long> heads, boolean whole, Map<String, String> definition) {

    /** The same, for every entity. */
    Moves ofAll() {
      return new Moves(moved, heads, true, definition);
    }

    boolean none() {
      return moved.isEmpty() && !whole;
    }

    /** When the first of the heads was committed; null where none moved. */
    Instant oldest() {
      return moved.stream().map(Move::committedAt).min(Comparator.naturalOrder()).orElse(null);
    }

    Slice at(TableName table) {
      Long head = heads.get(table);
      return head == null ? Slice.now(table) : Slice.at(table, head);
    }

    Progress progress() {
      var progress = new Progress(Map.of(), definition, Map.of());
      for (Move move : moved) {
        progress = progress.and(Progress.of(move.table(), move.from(), move.to()));
      }
      return progress;
    }
  }

  /** What was committed since {@code head} of the history was. */
  Moves since(Optional<Snapshot> head) {
    if (tables.isEmpty() || !tables.stream().allMatch(lake::exists)) {
      return new Moves(List.of(), Map.of(), false, Map.of());
    }
    var moved = new ArrayList<Move>();
    var heads = new HashMap<TableName, Long>();
    for (TableName table : tables) {
      Long from = head.map(at -> at.watermark(table)).orElse(null);
      lake.head(table)
          .ifPresent(
              now -> {
                heads.put(table, now.id());
                if (!Objects.equals(from, now.id())) {
                  moved.add(new Move(table, from, now.id(), now.committedAt()));
                }
              });
    }
    boolean redefined =
        head.isPresent() && !definition.equals(head.get().summary().get(DEFINITION));
    boolean blind =
        moved.stream().anyMatch(move -> keyColumns(move.table()) == null || forgotten(move));
    return new Moves(moved, heads, redefined || blind, Map.of(DEFINITION, definition));
  }

  /** The source can no longer tell what changed since it was consumed. */
  private boolean forgotten(Move move) {
    return move.from() != null && !lake.remembers(move.table(), move.from());
  }

  /** Binds {@code source_rows} for one tenant, with no more than {@code bounds} needs. */
  void bindSource(Session session, Moves moves, String tenantId, Bounds bounds) {
    if (view.source().table() != null) {
      TableName table = tables.getFirst();
      Slice slice = moves.at(table).tenant(tenantId);
      session.bind("source_rows", typed(table) ? bounds.onKey(slice, view) : slice);
      return;
    }
    for (TableName table : tables) {
      session.bind(table.toString(), moves.at(table).tenant(tenantId));
    }
    session.execute("CREATE OR REPLACE VIEW source_rows AS " + within(bounds));
  }

  /** Whoever fails is looked for among few: the engine applies what bounds a key to the rows. */
  private String within(Bounds bounds) {
    return bounds.few()
        ? "SELECT * FROM (%s) WHERE %s"
            .formatted(view.source().sql(), bounds.condition(view.keys().getFirst()))
        : view.source().sql();
  }

  /** The source holds the key as the view declares it, so that bounds compare. */
  private boolean typed(TableName table) {
    View.Key key = view.keys().getFirst();
    return has(table, key.name(), key.type().sql());
  }

  /** The source is a table that holds its time as one, so that bounds compare. */
  boolean isTimed() {
    return view.source().table() != null
        && has(tables.getFirst(), view.source().timestamp(), "TIMESTAMP WITH TIME ZONE");
  }

  private boolean has(TableName table, String column, String type) {
    return lake.spec(table).fields().stream()
        .anyMatch(field -> field.name().equals(column) && field.type().equals(type));
  }
}
