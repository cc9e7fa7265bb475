package dev.lode.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.ErrorCode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final UUID OTHER = UUID.fromString("00000000-0000-5000-8000-000000000002");

  private final Landed landed = new Landed(10);

  @Test
  void landsAllOfABodyWithoutAKey() {
    Plan plan = Plan.of(List.of(Appends.free("a", 5, 9), Appends.free("a", 5, 9)), landed);
    assertThat(plan.records()).isEqualTo(10);
    assertThat(plan.reached()).isEmpty();
  }

  @Test
  void leavesOutWhatHasLanded() {
    landed.landed(Appends.KEYED, 3);
    Plan plan = Plan.of(List.of(Appends.keyed(1, 5)), landed);
    assertThat(plan.shares().getFirst().duplicates()).isEqualTo(3);
    assertThat(plan.records()).isEqualTo(2);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, 5L);
  }

  @Test
  void leavesOutAnAppendThatHasLandedWhole() {
    landed.landed(Appends.KEYED, 9);
    Plan plan = Plan.of(List.of(Appends.keyed(1, 5)), landed);
    assertThat(plan.records()).isZero();
    assertThat(plan.shares().getFirst().duplicates()).isEqualTo(5);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, 9L);
  }

  @Test
  void landsEachPositionOnceWhenTwoBodiesWithOneKeyInterleave() {
    List<Bronze.Append> both =
        List.of(
            Appends.keyed(1, 4),
            Appends.keyed(1, 3),
            Appends.keyed(4, 6),
            Appends.keyed(5, 8),
            Appends.keyed(OTHER, 1, 2));
    Plan plan = Plan.of(both, landed);
    assertThat(plan.shares()).extracting(Plan.Share::landing).containsExactly(4L, 0L, 2L, 2L, 2L);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, 8L).containsEntry(OTHER, 2L);
  }

  @Test
  void refusesWhatWouldLeaveAGap() {
    landed.landed(Appends.KEYED, 2);
    Plan plan = Plan.of(List.of(Appends.keyed(4, 5), Appends.keyed(3, 4)), landed);
    assertThat(plan.shares()).extracting(Plan.Share::landing).containsExactly(0L, 2L);
    assertThat(plan.shares().getFirst().refused())
        .hasMessage(
            "Cannot append to bronze.shop_order: record 4 of batch "
                + Appends.KEYED
                + " came before record 3")
        .returns(ErrorCode.COMMIT_CONFLICT, dev.lode.codecs.Failure::code);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, 4L);
  }
}
