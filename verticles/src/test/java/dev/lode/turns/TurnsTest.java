package dev.lode.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TurnsTest {
  private final List<String> worked = new ArrayList<>();

  @Test
  void aKeyThatIsWokenWhileItWaitsHasOneTurn(Vertx vertx, VertxTestContext test) {
    vertx.runOnContext(
        start -> {
          var turns = new Turns<String>(vertx, key -> worked(key, Turns.Left.NOTHING));
          turns.wake("a", false);
          turns.wake("b", false);
          turns.wake("a", false);
          vertx.setTimer(20, later -> verify(test, "a", "b"));
        });
  }

  @Test
  void lookAgainUntilNothingIsLeft(Vertx vertx, VertxTestContext test) {
    var answers = new ArrayList<>(List.of(Turns.Left.MORE, Turns.Left.PERHAPS, Turns.Left.NOTHING));
    vertx.runOnContext(
        start -> {
          new Turns<String>(vertx, key -> worked(key, answers.removeFirst())).wake("a", false);
          vertx.setTimer(20, later -> verify(test, "a", "a", "a"));
        });
  }

  @Test
  void aTurnThatFailsIsNotTriedAgainUnasked(Vertx vertx, VertxTestContext test) {
    vertx.runOnContext(
        start -> {
          var turns = new Turns<String>(vertx, this::fail);
          turns.wake("a", false);
          vertx.setTimer(
              10,
              later -> {
                turns.wake("a", false);
                vertx.setTimer(10, ended -> verify(test, "a", "a"));
              });
        });
  }

  @Test
  void noTurnBeginsAfterAStop(Vertx vertx, VertxTestContext test) {
    vertx.runOnContext(
        start -> {
          var own = new AtomicReference<Turns<String>>();
          own.set(
              new Turns<>(
                  vertx,
                  key -> {
                    own.get().stop();
                    return worked(key, Turns.Left.MORE);
                  }));
          own.get().wake("a", false);
          own.get().wake("b", false);
          vertx.setTimer(
              10,
              later -> {
                own.get().wake("c", false);
                vertx.setTimer(10, ended -> verify(test, "a"));
              });
        });
  }

  @Test
  void aLongTurnRestsUnlessNothingMoreIsOnItsWay(Vertx vertx, VertxTestContext test) {
    vertx.runOnContext(
        start -> {
          var turns = new Turns<String>(vertx, this::sleep);
          turns.wake("a", true);
          vertx.setTimer(1, ended -> turns.wake("a", true));
          vertx.setTimer(2, ended -> test.verify(() -> assertThat(worked).hasSize(1)));
          vertx.setTimer(3, ended -> turns.wake("a", false));
          vertx.setTimer(400, later -> verify(test, "a", "a"));
        });
  }

  private Turns.Left sleep(String key) {
    try {
      TimeUnit.MILLISECONDS.sleep(worked.isEmpty() ? 120 : 0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return worked(key, worked.isEmpty() ? Turns.Left.PERHAPS : Turns.Left.NOTHING);
  }

  private Turns.Left fail(String key) {
    worked.add(key);
    throw new IllegalStateException("on purpose");
  }

  private Turns.Left worked(String key, Turns.Left left) {
    worked.add(key);
    return left;
  }

  private void verify(VertxTestContext test, String... expected) {
    test.verify(() -> assertThat(worked).containsExactly(expected)).completeNow();
  }
}
