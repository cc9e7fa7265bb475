package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.features.offline.History;
import dev.lode.features.online.OnlineRow;
import dev.lode.features.online.OnlineStore.Entity;
import dev.lode.features.online.ViewStates.State;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.View;
import dev.lode.tables.Progress;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Brings rows of the offline table into the online store. For the owner's worker thread. */
final class Loader {
  /** Rows of history that are read into memory at once. */
  private static final long PAGE_ROWS = 400_000;

  private final FeatureStore store;

  Loader(FeatureStore store) {
    this.store = requireNonNull(store, "store is null");
  }

  /** Builds a view again from its table: ready when it returns. */
  void load(View view) {
    var head = store.lake().head(History.table(view));
    store.online().clear(view.name());
    if (head.isPresent() && view.online()) {
      try (Session session = store.lake().session()) {
        for (String tenantId : tenants(session, view, head.get())) {
          load(session, view, tenantId, head.get());
        }
      }
    }
    store
        .states()
        .update(view.name(), state -> head.map(at -> shown(state, at)).orElseGet(state::loaded));
  }

  /** The state of a view whose online store shows {@code snapshot}. */
  State shown(State state, Snapshot snapshot) {
    var watermarks = new HashMap<String, Long>();
    snapshot
        .summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith(Progress.WATERMARK)) {
                watermarks.put(key.substring(Progress.WATERMARK.length()), Long.valueOf(value));
              }
            });
    return state.showing(snapshot.id(), snapshot.rows(), watermarks);
  }

  private static List<String> tenants(Session session, View view, Snapshot head) {
    session.bind("history_rows", Slice.at(History.table(view), head.id()));
    return session
        .query("SELECT DISTINCT tenant_id FROM history_rows ORDER BY 1", Integer.MAX_VALUE)
        .rows()
        .stream()
        .map(row -> (String) row.getFirst())
        .toList();
  }

  /** Says what entities of a tenant have no value now, and why; takes it back where none is. */
  void judge(Session session, View view, String tenantId, Snapshot head) {
    session.bind("history_rows", Slice.at(History.table(view), head.id()).tenant(tenantId));
    boolean ever =
        session.query("SELECT count(*) FROM history_rows WHERE _invalid IS NOT NULL", 1).count()
            > 0;
    List<Object> told =
        ever ? session.query(History.invalid(view, now()), 1).rows().getFirst() : List.of(0L, "");
    long entities = ((Number) told.getFirst()).longValue();
    var troubles = store.lake().troubles();
    if (entities == 0) {
      troubles.clear(FeatureStore.LAYER, History.table(view), tenantId);
    } else {
      troubles.report(
          FeatureStore.LAYER,
          History.table(view),
          tenantId,
          "%d entities have no value of some feature (%s)".formatted(entities, told.getLast()));
    }
  }

  private void load(Session session, View view, String tenantId, Snapshot head) {
    judge(session, view, tenantId, head);
    long pages = head.rows() / PAGE_ROWS + 1;
    for (long page = 0; page < pages; page++) {
      put(view, tenantId, session.query(page(view, page, pages), Integer.MAX_VALUE));
      var size = store.online().size(view.name());
      if (size.rows() > store.limits().onlineRowsMax()) {
        throw new Failure(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot load %s: more than %d rows (features.online-rows-max)"
                .formatted(view.name(), store.limits().onlineRowsMax()));
      }
    }
  }

  private String page(View view, long page, long pages) {
    return History.online(
        view,
        "(SELECT * FROM history_rows WHERE %s)".formatted(History.page(view, page, pages)),
        now());
  }

  /** Rows as {@link History#online} selects them. */
  void put(View view, String tenantId, Rows rows) {
    long now = now();
    for (List<Object> row : rows.rows()) {
      store.online().put(entity(view, tenantId, row), row(view, row), now);
    }
  }

  /** Reads all of it again, one entity after another: readers see no gap. */
  void reload(View view, Set<String> tenants, Snapshot head) {
    long pages = head.rows() / PAGE_ROWS + 1;
    try (Session session = store.lake().session()) {
      for (String tenantId : tenants) {
        for (long page = 0; page < pages; page++) {
          session.bind("history_rows", Slice.at(History.table(view), head.id()).tenant(tenantId));
          reload(session, view, tenantId, History.entities(view, page, pages));
        }
      }
    }
  }

  /** Reads again what is left of entities that lost a row; {@code withdrawn} selects their keys. */
  void reload(Session session, View view, String tenantId, String withdrawn) {
    Rows keys = session.query(withdrawn, Integer.MAX_VALUE);
    if (keys.rows().isEmpty()) {
      return;
    }
    session.execute("CREATE OR REPLACE TEMP TABLE withdrawn AS " + withdrawn);
    session.bind("history_rows", Slice.now(History.table(view)).tenant(tenantId));
    var left = new LinkedHashMap<Entity, List<OnlineRow>>();
    keys.rows().forEach(key -> left.put(entity(view, tenantId, key), new ArrayList<>()));
    session
        .query(History.online(view, History.of(view, "withdrawn"), now()), Integer.MAX_VALUE)
        .rows()
        .forEach(row -> left.get(entity(view, tenantId, row)).add(row(view, row)));
    left.forEach((entity, rows) -> store.online().replace(entity, rows, now()));
  }

  private long now() {
    return Times.micros(store.clock().instant());
  }

  private static Entity entity(View view, String tenantId, List<Object> row) {
    return new Entity(view.name(), tenantId, List.copyOf(row.subList(0, view.keys().size())));
  }

  private static OnlineRow row(View view, List<Object> row) {
    int keys = view.keys().size();
    return new OnlineRow(
        Times.micros((Instant) row.get(keys)),
        Times.micros((Instant) row.get(keys + 1)),
        ((Number) row.get(keys + 2)).longValue(),
        OnlineRow.values(row.subList(keys + 3, row.size())));
  }
}
