package dev.lode.features.online;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Feature.DaysSince;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.features.spec.FeatureCatalog.Reference;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers what features are now: memory alone, nothing waits. Thread-safe. */
public final class Reader {
  private final FeatureCatalog catalog;
  private final OnlineStore store;
  private final ViewStates states;
  private final int entitiesMax;
  private final Clock clock;

  public Reader(FeatureCatalog catalog, OnlineStore store, ViewStates states, Limits limits) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.store = requireNonNull(store, "store is null");
    this.states = requireNonNull(states, "states is null");
    this.entitiesMax = limits.entitiesMax();
    this.clock = requireNonNull(limits.clock(), "clock is null");
  }

  /** How many entities one read may name, and what time it is. */
  public record Limits(int entitiesMax, Clock clock) {}

  /** A feature asked for: of which of the views, and where among its stored values. */
  private record Wanted(int view, int value, Feature feature, View of) {
    Feature stored() {
      return of.stored().get(value);
    }
  }

  public Future<Features.Online> read(Features.Read request) {
    List<Reference> references = catalog.resolve(request.features());
    if (request.entities().size() > entitiesMax) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot read %d entities at once (features.entities-max is %d)"
              .formatted(request.entities().size(), entitiesMax));
    }
    List<View> views = references.stream().map(Reference::view).distinct().toList();
    Map<String, Long> snapshots = snapshots(views);
    for (int i = 0; i < request.entities().size(); i++) {
      EntityKeys.require(views, request.entities().get(i), place(i));
    }
    long now = Times.micros(clock.instant());
    List<Future<List<OnlineRow>>> found = new ArrayList<>();
    for (View view : views) {
      found.add(store.find(view.name(), request.tenantId(), keys(view, request.entities()), now));
    }
    return Future.all(found)
        .map(
            all ->
                new Features.Online(
                    request.tenantId(),
                    references.stream().map(Reference::name).toList(),
                    rows(request, wanted(references, views), all.list(), now),
                    snapshots));
  }

  private Map<String, Long> snapshots(List<View> views) {
    var snapshots = new HashMap<String, Long>();
    for (View view : views) {
      if (!view.online()) {
        throw Failure.invalid(
            "Cannot read " + view.name() + ": it is not served online (online: false)");
      }
      Long snapshotId = states.ready(view.name()).snapshotId();
      if (snapshotId != null) {
        snapshots.put(view.name(), snapshotId);
      }
    }
    return snapshots;
  }

  private static String place(int entity) {
    return "entity " + (entity + 1);
  }

  private static List<List<Object>> keys(View view, List<Map<String, Object>> entities) {
    var keys = new ArrayList<List<Object>>(entities.size());
    for (int i = 0; i < entities.size(); i++) {
      keys.add(EntityKeys.of(view, entities.get(i), place(i)));
    }
    return keys;
  }

  private static List<Wanted> wanted(List<Reference> references, List<View> views) {
    var wanted = new ArrayList<Wanted>(references.size());
    for (Reference reference : references) {
      View view = reference.view();
      Feature stored =
          reference.feature().origin() instanceof DaysSince days
              ? days.since()
              : reference.feature();
      wanted.add(
          new Wanted(
              views.indexOf(view), view.stored().indexOf(stored), reference.feature(), view));
    }
    return wanted;
  }

  private static List<Features.Row> rows(
      Features.Read request, List<Wanted> wanted, List<List<OnlineRow>> found, long now) {
    var rows = new ArrayList<Features.Row>(request.entities().size());
    for (int i = 0; i < request.entities().size(); i++) {
      var values = new ArrayList<Object>(wanted.size());
      var statuses = new ArrayList<String>(wanted.size());
      var times = new ArrayList<Instant>(wanted.size());
      for (Wanted each : wanted) {
        OnlineRow row = found.get(each.view()).get(i);
        String status = status(each, row, now);
        statuses.add(status);
        values.add(status.equals("PRESENT") ? value(each, row, now) : null);
        times.add(row == null ? null : Times.instant(row.timeMicros()));
      }
      rows.add(new Features.Row(request.entities().get(i), values, statuses, times));
    }
    return rows;
  }

  private static String status(Wanted wanted, OnlineRow row, long now) {
    if (row == null) {
      return "NOT_FOUND";
    }
    long ttl = wanted.of().ttlMicros();
    if (ttl > 0 && row.newestMicros(wanted.of().stored().size()) < now - ttl) {
      return "OUTSIDE_MAX_AGE";
    }
    if (row.values().get(wanted.value()) != null) {
      return "PRESENT";
    }
    return row.isInvalid(wanted.stored(), wanted.of().stored().size()) ? "INVALID" : "NULL_VALUE";
  }

  private static Object value(Wanted wanted, OnlineRow row, long now) {
    Object value = row.values().get(wanted.value());
    return wanted.feature().origin() instanceof DaysSince
        ? wanted.feature().type().convert(ChronoUnit.DAYS.between(day(value), today(now)))
        : ValueType.json(value);
  }

  private static LocalDate today(long now) {
    return day(Times.instant(now));
  }

  private static LocalDate day(Object time) {
    return time instanceof LocalDate day
        ? day
        : LocalDate.ofInstant((Instant) time, ZoneOffset.UTC);
  }
}
