package dev.lode.bronze;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.Callable;

/** Gathers the appends of one table while its last group commits. Event loop only. */
final class TableOwner {
  private final TableWriter writer;
  private final Group<Promise<Bronze.Appended>> group;
  private final Loop loop;
  private Promise<Void> landed = Promise.promise();

  /** What the owner needs of its event loop. */
  interface Loop {
    <T> Future<T> onWorker(Callable<T> blocking);

    /** Runs {@code action} when the time of a group is up. */
    void afterGroupTime(Runnable action);

    /** Tells of rows that have landed. */
    void publish(Bronze.Committed committed);
  }

  TableOwner(TableWriter writer, Group<Promise<Bronze.Appended>> group, Loop loop) {
    this.writer = requireNonNull(writer, "writer is null");
    this.group = requireNonNull(group, "group is null");
    this.loop = requireNonNull(loop, "loop is null");
  }

  /** Completes when the append is committed. */
  Future<Bronze.Appended> append(Bronze.Append append) {
    Promise<Bronze.Appended> caller = Promise.promise();
    group.add(append, caller);
    if (group.size() == 1) {
      long number = group.number();
      loop.afterGroupTime(() -> commit(number));
    }
    commitDue();
    return caller.future();
  }

  long pending() {
    return group.pending();
  }

  /** Completes when all that was appended is committed. */
  Future<Void> drained() {
    return group.pending() == 0
        ? Future.succeededFuture()
        : landed.future().compose(done -> drained());
  }

  private void commit(long number) {
    group.timeUp(number);
    commitDue();
  }

  private void commitDue() {
    if (!group.due()) {
      return;
    }
    List<Group.Waiting<Promise<Bronze.Appended>>> waiting = group.take();
    List<Bronze.Append> appends = waiting.stream().map(Group.Waiting::append).toList();
    loop.onWorker(() -> writer.commit(appends))
        .onComplete(
            (outcome, cause) -> {
              group.committed();
              commitDue();
              if (cause == null) {
                answer(waiting, outcome);
              } else {
                waiting.forEach(one -> one.caller().fail(cause));
              }
              Promise<Void> told = landed;
              landed = Promise.promise();
              told.complete();
            });
  }

  private void answer(
      List<Group.Waiting<Promise<Bronze.Appended>>> waiting, TableWriter.Outcome outcome) {
    outcome.committed(group.pending() > 0).forEach(loop::publish);
    for (int i = 0; i < waiting.size(); i++) {
      Plan.Share share = outcome.plan().shares().get(i);
      Promise<Bronze.Appended> caller = waiting.get(i).caller();
      if (share.refused() == null) {
        caller.complete(outcome.appended(share));
      } else {
        caller.fail(share.refused());
      }
    }
  }
}
