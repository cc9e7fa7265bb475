package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Features.Push;
import dev.lode.codecs.Features.Pushed;
import dev.lode.features.offline.History;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.View;
import dev.lode.tables.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers pushes and commits all that wait for one view together, since a commit takes far longer
 * than a row; then puts the same rows online. For the owner's worker thread.
 */
final class Pushes {
  private final FeatureStore store;
  private final Loader loader;
  private final Map<View, List<Waiting>> waiting = new LinkedHashMap<>();

  private record Waiting(PushedRows rows, Promise<Pushed> answer) {}

  Pushes(FeatureStore store) {
    this.store = requireNonNull(store, "store is null");
    this.loader = new Loader(store);
  }

  /** Checks a push and lets it wait for {@link #flush}, after which the future is done. */
  Future<Pushed> add(Push push) {
    View view = store.catalog().view(push.view());
    int most = store.limits().pushRowsMax();
    if (push.rows().isEmpty() || push.rows().size() > most) {
      throw new Failure(
          push.rows().isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.LIMIT_EXCEEDED,
          "Cannot push %d rows to %s (must be 1..%d, features.push-rows-max)"
              .formatted(push.rows().size(), view.name(), most));
    }
    PushedRows rows = PushedRows.of(view, push.tenantId(), push.rows());
    Promise<Pushed> answer = Promise.promise();
    waiting.computeIfAbsent(view, each -> new ArrayList<>()).add(new Waiting(rows, answer));
    return answer.future();
  }

  boolean any() {
    return !waiting.isEmpty();
  }

  void flush() {
    var batches = List.copyOf(waiting.entrySet());
    waiting.clear();
    for (var batch : batches) {
      try {
        commit(batch.getKey(), batch.getValue());
      } catch (RuntimeException e) {
        batch.getValue().forEach(each -> each.answer().fail(e));
      }
    }
  }

  private void commit(View view, List<Waiting> batch) {
    Optional<Snapshot> head = store.lake().head(History.table(view));
    Position before = Position.of(head);
    long created = before.created(Times.micros(store.clock().instant()));
    var table = new ArrayList<Object[]>();
    Position next = before;
    for (Waiting each : batch) {
      table.addAll(each.rows().tableRows(next, created));
      next = new Position(next.sequence() + each.rows().rows().size(), created);
    }
    Snapshot snapshot = store.lake().append(History.table(view), table, before.to(next));
    Position at = before;
    for (Waiting each : batch) {
      putOnline(each.rows(), at, created);
      at = new Position(at.sequence() + each.rows().rows().size(), created);
    }
    store.states().update(view.name(), state -> loader.shown(state, snapshot));
    batch.forEach(each -> answer(each, snapshot));
  }

  private void putOnline(PushedRows rows, Position before, long created) {
    if (rows.view().online()) {
      long now = Times.micros(store.clock().instant());
      for (int i = 0; i < rows.rows().size(); i++) {
        store.online().put(rows.entity(i), rows.online(i, before, created), now);
      }
    }
  }

  private void answer(Waiting push, Snapshot snapshot) {
    PushedRows rows = push.rows();
    String view = rows.view().name();
    int count = rows.rows().size();
    push.answer().complete(new Pushed(rows.tenantId(), view, count, snapshot.id()));
    store
        .bus()
        .publish(Features.SYNCED, new Features.Synced(rows.tenantId(), view, snapshot.id(), count));
  }
}
