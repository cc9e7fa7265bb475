package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.features.offline.Changes;
import dev.lode.features.offline.History;
import dev.lode.features.offline.Kept;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.View;
import dev.lode.fold.Folds;
import dev.lode.tables.Halving;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.Troubles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings one view up to the head of its sources: evaluates it for the entities that a change
 * touched, records what differs from the offline table in one commit with the watermarks, then puts
 * the same rows online. Running it again changes nothing. For the owner's worker thread.
 */
final class Materializer {
  private final FeatureStore store;
  private final View view;
  private final Upstream upstream;
  private final Loader loader;
  private final Changes changes;
  private final Optional<Kept> kept;
  private final Folds folds;

  Materializer(FeatureStore store, View view, Upstream upstream) {
    this.store = requireNonNull(store, "store is null");
    this.view = requireNonNull(view, "view is null");
    this.upstream = requireNonNull(upstream, "upstream is null");
    this.loader = new Loader(store);
    this.changes = new Changes(view);
    this.kept = Kept.of(view);
    this.folds = new Folds(store.lake(), store.limits().foldRowsMax());
  }

  boolean reads(TableName table) {
    return upstream.tables().contains(table);
  }

  /** True where there was something to do. */
  boolean catchUp() {
    Optional<Snapshot> head = store.lake().head(History.table(view));
    Upstream.Moves moves = upstream.since(head);
    if (moves.none()) {
      return false;
    }
    try {
      perform(head, moves);
    } catch (Failure e) {
      if (e.code() != ErrorCode.WATERMARK_MOVED) {
        throw e;
      }
      loader.load(view);
    }
    return true;
  }

  private Run perform(Optional<Snapshot> head, Upstream.Moves moves) {
    store.states().update(view.name(), state -> state.behind(moves.oldest()));
    try (Session session = store.lake().session()) {
      var run = new Run(session, head, moves);
      run.perform();
      return run;
    } catch (Failure e) {
      if (e.code() != ErrorCode.WATERMARK_MOVED) {
        store.states().update(view.name(), state -> state.failed(e.getMessage()));
      }
      throw e;
    }
  }

  /** Evaluates every entity, whether or not the sources moved, and puts all of it online again. */
  Features.Synced rebuild(String tenantId) {
    Optional<Snapshot> head = store.lake().head(History.table(view));
    Upstream.Moves moves = upstream.since(head);
    if (moves.heads().isEmpty()) {
      throw new Failure(
          ErrorCode.NOT_FOUND,
          upstream.tables().isEmpty()
              ? "Cannot rebuild %s: it is made of pushed rows alone".formatted(view.name())
              : "Cannot rebuild %s: nothing is there yet of %s"
                  .formatted(view.name(), upstream.tables()));
    }
    Run run = perform(head, moves.ofAll());
    if (view.online()) {
      loader.reload(view, run.emitted.keySet(), run.snapshot);
    }
    return new Features.Synced(
        tenantId, view.name(), run.snapshot.id(), run.emitted.getOrDefault(tenantId, 0L));
  }

  /** One pass, in one session. */
  private final class Run {
    private final Session session;
    private final Optional<Snapshot> head;
    private final Upstream.Moves moves;
    private final Position before;
    private final long nowMicros;
    private final Map<String, Long> emitted = new HashMap<>();
    private final Owed owed;

    /** Tenants of whom rows without some value were emitted. */
    private final Set<String> lacking = new HashSet<>();

    private long refused;
    private Snapshot snapshot;

    Run(Session session, Optional<Snapshot> head, Upstream.Moves moves) {
      this.session = session;
      this.head = head;
      this.moves = moves;
      this.before = Position.of(head);
      this.owed = Owed.of(head);
      this.nowMicros = before.created(Times.micros(store.clock().instant()));
    }

    void perform() {
      upstream.columns().ifPresent(changes::check);
      session.execute(changes.nothingEmitted());
      for (String tenantId : moves.whole() ? tenants() : touchedTenants()) {
        isolated(tenantId, () -> evaluate(tenantId));
      }
      snapshot = commit();
      emitted.keySet().forEach(this::judge);
      emitted.keySet().forEach(this::putOnline);
      store.states().update(view.name(), state -> loader.shown(state, snapshot).refused(refused));
      emitted.forEach(this::publish);
    }

    private List<String> touchedTenants() {
      var parts = new ArrayList<String>();
      for (var move : moves.moved()) {
        String relation = changed(move.table());
        session.bind(relation, Slice.changed(move.table(), move.from(), move.to()));
        parts.add(changes.changed(relation, upstream.keyColumns(move.table())));
      }
      session.execute(Changes.gather(parts));
      return strings("SELECT DISTINCT tenant_id FROM changed");
    }

    /** What fails for one tenant is evaluated whole when its rows move again, or at a rebuild. */
    private void isolated(String tenantId, Runnable work) {
      try {
        work.run();
        if (owed.settle(tenantId)) {
          troubles().clear(FeatureStore.LAYER, History.table(view), tenantId);
        }
      } catch (Failure e) {
        if (!Halving.isOfRows(e)) {
          throw e;
        }
        session.execute(changes.withdraw(tenantId));
        emitted.remove(tenantId);
        owed.owe(tenantId);
        troubles().report(FeatureStore.LAYER, History.table(view), tenantId, e.oneLine());
      }
    }

    private void judge(String tenantId) {
      if (lacking.contains(tenantId)
          || troubles().has(FeatureStore.LAYER, History.table(view), tenantId)) {
        loader.judge(session, view, tenantId, snapshot);
      }
    }

    private Troubles troubles() {
      return store.lake().troubles();
    }

    private List<String> tenants() {
      var tenants = new TreeSet<String>();
      var slices = new ArrayList<>(upstream.tables().stream().map(moves::at).toList());
      slices.add(history());
      for (Slice slice : slices) {
        session.bind("anyone", slice);
        tenants.addAll(strings("SELECT DISTINCT tenant_id FROM anyone"));
      }
      return List.copyOf(tenants);
    }

    private List<String> strings(String sql) {
      return session.query(sql, Integer.MAX_VALUE).rows().stream()
          .map(row -> (String) row.getFirst())
          .toList();
    }

    private Slice history() {
      TableName table = History.table(view);
      return head.map(at -> Slice.at(table, at.id())).orElse(Slice.now(table));
    }

    private void evaluate(String tenantId) {
      boolean whole = moves.whole() || owed.has(tenantId);
      Bounds bounds = whole ? everyone(tenantId) : touched(tenantId);
      if (bounds.nothing()) {
        return;
      }
      try {
        if (kept.isEmpty() || whole || !fold(kept.get(), tenantId)) {
          bind(tenantId, bounds);
          session.execute(changes.fresh(sourceColumns()));
          session.execute(changes.recorded());
        }
      } catch (Failure e) {
        if (!Halving.isOfRows(e)) {
          throw e;
        }
        var source = new Isolation.Source(some -> bind(tenantId, some), this::sourceColumns);
        new Isolation(session, view, source, nowMicros).evaluate();
      }
      refuse();
      long last = before.sequence() + emitted.values().stream().mapToLong(Long::longValue).sum();
      session.execute(changes.emit(tenantId, nowMicros, last));
      var counts = session.query(changes.count(tenantId), 1).rows().getFirst();
      emitted.put(tenantId, ((Number) counts.getFirst()).longValue());
      if (((Number) counts.getLast()).longValue() > 0) {
        lacking.add(tenantId);
      }
    }

    /** What the source and the table have of entities. */
    private void bind(String tenantId, Bounds bounds) {
      upstream.bindSource(session, moves, tenantId, bounds);
      session.bind("history_rows", bounds.onTime(bounds.onKey(history().tenant(tenantId), view)));
    }

    /** Evaluates without reading earlier rows, but for entities of which some may follow others. */
    private boolean fold(Kept all, String tenantId) {
      var move = moves.moved().getFirst();
      if (move.from() == null) {
        return false;
      }
      for (Kept.Part part : all.parts()) {
        var answer = folds.bind(session, part.query(), move.from(), all.touched(tenantId));
        if (answer.isEmpty()) {
          return false;
        }
        session.execute(part.store(answer.get()));
      }
      boolean overtaken = rewind(all, move, tenantId);
      all.split().forEach(session::execute);
      session.execute(Kept.came(changed(move.table()), tenantId, overtaken));
      changes.ahead(sourceColumns(), all, overtaken).forEach(session::execute);
      var behind = Bounds.of(session.query(changes.bounds(Kept.BEHIND), 1).rows().getFirst());
      if (!behind.nothing()) {
        bind(tenantId, behind);
        changes.behind(sourceColumns()).forEach(session::execute);
      }
      return true;
    }

    /** Takes what is later than rows that came out of what is kept; false where nothing is. */
    private boolean rewind(Kept all, Upstream.Move move, String tenantId) {
      boolean grown = store.lake().hasOnlyGrown(move.table(), move.from(), move.to());
      if (!grown || !all.rewinds() || !upstream.isTimed()) {
        return false;
      }
      var since = (Long) session.query(all.overtaken(), 1).rows().getFirst().getFirst();
      if (since == null) {
        return false;
      }
      Slice before = Slice.at(move.table(), move.from()).tenant(tenantId);
      String time = view.source().timestamp();
      session.bind("before_rows", before.where(time, Times.instant(since), null));
      all.rewind("before_rows", since).forEach(session::execute);
      return true;
    }

    private static String changed(TableName table) {
      return "changed_" + table.layer() + "_" + table.name();
    }

    private Bounds touched(String tenantId) {
      session.execute(changes.touched(tenantId));
      return Bounds.of(session.query(changes.bounds(), 1).rows().getFirst());
    }

    private Bounds everyone(String tenantId) {
      upstream.bindSource(session, moves, tenantId, Bounds.NONE);
      session.bind("history_rows", history().tenant(tenantId));
      session.execute(changes.everyone());
      return Bounds.NONE;
    }

    private Set<String> sourceColumns() {
      return upstream.columns().orElseGet(this::selectedColumns);
    }

    private Set<String> selectedColumns() {
      var columns = new HashSet<String>();
      session
          .query("SELECT * FROM source_rows LIMIT 0", 1)
          .columns()
          .forEach(column -> columns.add(column.name()));
      return columns;
    }

    private void refuse() {
      String poison = changes.poison();
      if (poison != null) {
        refused += session.query("SELECT count(*) FROM fresh WHERE " + poison, 1).count();
        session.execute(changes.cleaned("fresh"));
      }
    }

    private Snapshot commit() {
      long rows = emitted.values().stream().mapToLong(Long::longValue).sum();
      Position after = new Position(before.sequence() + rows, nowMicros);
      Progress progress = moves.progress().and(before.to(after)).and(owed.progress());
      return session.append(History.table(view), "SELECT * FROM emitted", progress).orElseThrow();
    }

    private void publish(String tenantId, long rows) {
      store
          .bus()
          .publish(
              Features.SYNCED, new Features.Synced(tenantId, view.name(), snapshot.id(), rows));
    }

    private void putOnline(String tenantId) {
      if (view.online()) {
        loader.put(
            view, tenantId, session.query(changes.online(tenantId, nowMicros), Integer.MAX_VALUE));
        loader.reload(session, view, tenantId, changes.withdrawn(tenantId));
      }
    }
  }
}
