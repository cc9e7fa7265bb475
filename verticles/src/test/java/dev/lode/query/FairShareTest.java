package dev.lode.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairShareTest {
  private final List<String> started = new ArrayList<>();
  private final List<Promise<String>> running = new ArrayList<>();
  private final FairShare share = new FairShare(3, 4);

  private Future<String> run(String tenant, String name) {
    return share.run(
        tenant,
        () -> {
          started.add(name);
          Promise<String> promise = Promise.promise();
          running.add(promise);
          return promise.future();
        });
  }

  @Test
  void leavesAThreadToOthers() {
    for (int i = 0; i < 5; i++) {
      run("greedy", "g" + i);
    }
    assertThat(started).containsExactly("g0", "g1");
    run("other", "o0");
    assertThat(started).containsExactly("g0", "g1", "o0");
  }

  @Test
  void servesWhoHasTheFewestRunning() {
    for (int i = 0; i < 4; i++) {
      run("greedy", "g" + i);
    }
    for (int i = 0; i < 3; i++) {
      run("other", "o" + i);
    }
    running.get(0).complete("g0");
    assertThat(started).containsExactly("g0", "g1", "o0", "g2");
    running.get(1).complete("g1");
    running.get(3).complete("g2");
    assertThat(started).containsExactly("g0", "g1", "o0", "g2", "o1", "g3");
  }

  @Test
  void refusesOneTenantsQueueThatIsFullAndAnswersTheRest() {
    for (int i = 0; i < 6; i++) {
      assertThat(run("greedy", "g" + i).failed()).isFalse();
    }
    assertThat(run("greedy", "late").cause())
        .hasMessage("Cannot run the SQL: 4 statements of this tenant wait (tools.sql-waiting-max)");
    assertThat(run("other", "o0").failed()).isFalse();
    running.get(2).complete("rows");
    running.get(0).fail(new IllegalStateException("broken"));
    assertThat(started).contains("g2");
  }

  @Test
  void goesOnAfterWorkThatCannotStart() {
    var failed =
        share.run(
            "t",
            () -> {
              throw new IllegalStateException("no thread");
            });
    assertThat(failed.cause()).hasMessage("no thread");
    run("t", "next");
    assertThat(started).containsExactly("next");
  }
}
