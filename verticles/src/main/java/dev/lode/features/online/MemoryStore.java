package dev.lode.features.online;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps per entity one small array, newest first: the rows to come, and under them the one row that
 * holds. An array is never changed, only replaced, so that readers need no lock.
 */
public final class MemoryStore implements OnlineStore {
  private static final OnlineRow[] NONE = {};

  private final ConcurrentMap<String, Rows> views = new ConcurrentHashMap<>();

  private record Place(String tenantId, List<Object> key) {}

  private record Rows(
      ConcurrentMap<Place, OnlineRow[]> entities, ConcurrentMap<String, Count> tenants) {
    Rows() {
      this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    Count of(String tenantId) {
      return tenants.computeIfAbsent(tenantId, first -> new Count());
    }
  }

  private record Count(LongAdder entities, LongAdder rows) {
    Count() {
      this(new LongAdder(), new LongAdder());
    }

    void changed(int before, int after) {
      entities.add(Integer.signum(after) - (long) Integer.signum(before));
      rows.add((long) after - before);
    }

    Size size() {
      return new Size(entities.sum(), rows.sum());
    }
  }

  @Override
  public void put(Entity entity, OnlineRow row, long nowMicros) {
    change(entity, true, List.of(row), nowMicros);
  }

  @Override
  public void replace(Entity entity, List<OnlineRow> rows, long nowMicros) {
    change(entity, false, rows, nowMicros);
  }

  private void change(Entity entity, boolean keep, List<OnlineRow> rows, long nowMicros) {
    Rows view = views.computeIfAbsent(entity.view(), name -> new Rows());
    Count count = view.of(entity.tenantId());
    view.entities.compute(
        new Place(entity.tenantId(), entity.key()),
        (place, before) -> {
          OnlineRow[] old = before == null ? NONE : before;
          var all = new ArrayList<>(keep ? List.of(old) : List.of());
          all.addAll(rows);
          OnlineRow[] after = needed(all, nowMicros);
          count.changed(old.length, after.length);
          return after.length == 0 ? null : after;
        });
  }

  /**
   * What may still be an answer. Under a row that is recorded, other versions of the same time are
   * never seen again; under a row that holds, nothing is.
   */
  private static OnlineRow[] needed(List<OnlineRow> rows, long nowMicros) {
    rows.sort(OnlineRow.NEWEST_FIRST);
    var needed = new ArrayList<OnlineRow>(rows.size());
    OnlineRow last = null;
    for (OnlineRow row : rows) {
      boolean hidden =
          last != null
              && row.timeMicros() == last.timeMicros()
              && (last.createdMicros() <= nowMicros || row.sequence() == last.sequence());
      if (!hidden) {
        needed.add(row);
        last = row;
        if (row.holds(nowMicros)) {
          break;
        }
      }
    }
    return needed.toArray(NONE);
  }

  @Override
  public void clear(String view) {
    views.remove(view);
  }

  @Override
  public Future<List<OnlineRow>> find(
      String view, String tenantId, List<List<Object>> keys, long nowMicros) {
    Rows rows = views.get(view);
    var found = new ArrayList<OnlineRow>(keys.size());
    for (List<Object> key : keys) {
      found.add(
          key == null || rows == null ? null : find(rows, new Place(tenantId, key), nowMicros));
    }
    return Future.succeededFuture(found);
  }

  private static OnlineRow find(Rows rows, Place place, long nowMicros) {
    OnlineRow[] known = rows.entities.getOrDefault(place, NONE);
    for (OnlineRow row : known) {
      if (row.holds(nowMicros)) {
        return row;
      }
    }
    return null;
  }

  @Override
  public Size size(String view) {
    Rows rows = views.get(view);
    long count = 0;
    if (rows != null) {
      for (Count tenant : rows.tenants.values()) {
        count += tenant.rows.sum();
      }
    }
    return rows == null ? new Size(0, 0) : new Size(rows.entities.size(), count);
  }

  @Override
  public Size size(String view, String tenantId) {
    Rows rows = views.get(view);
    return rows == null ? new Size(0, 0) : rows.of(tenantId).size();
  }
}
