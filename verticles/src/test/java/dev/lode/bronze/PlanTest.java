package dev.lode.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  private static final UUID OTHER = UUID.fromString("00000000-0000-5000-8000-000000000002");

  private final Landed landed = new Landed(10);

  private static Landed.Body body(long position, boolean whole) {
    return new Landed.Body(position, Appends.print(Appends.records(1, position)), whole);
  }

  private Plan plan(Bronze.Append... appends) {
    return Plan.of(List.of(appends), landed);
  }

  @Test
  void landsAllOfABodyWithoutAKey() {
    Plan plan = plan(Appends.free("a", 5, 9), Appends.free("a", 5, 9));
    assertThat(plan.records()).isEqualTo(10);
    assertThat(plan.reached()).isEmpty();
  }

  @Test
  void leavesOutWhatHasLanded() {
    landed.landed(Appends.KEYED, body(3, false));
    Plan plan = plan(Appends.keyed(1, 5));
    assertThat(plan.shares().getFirst().duplicates()).isEqualTo(3);
    assertThat(plan.records()).isEqualTo(2);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, body(5, false));
  }

  @Test
  void leavesOutAnAppendThatHasLandedWhole() {
    landed.landed(Appends.KEYED, body(9, true));
    Plan plan = plan(Appends.keyed(1, 5), Appends.last(Appends.KEYED, 6, 9));
    assertThat(plan.records()).isZero();
    assertThat(plan.shares()).extracting(Plan.Share::duplicates).containsExactly(5, 4);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, body(9, true));
  }

  @Test
  void landsEachPositionOnceWhenTwoBodiesWithOneKeyInterleave() {
    Plan plan =
        plan(
            Appends.keyed(1, 4),
            Appends.keyed(1, 3),
            Appends.keyed(4, 6),
            Appends.keyed(5, 8),
            Appends.keyed(OTHER, 1, 2));
    assertThat(plan.shares()).extracting(Plan.Share::landing).containsExactly(4L, 0L, 2L, 2L, 2L);
    assertThat(plan.reached())
        .containsEntry(Appends.KEYED, body(8, false))
        .containsEntry(OTHER, body(2, false));
  }

  @Test
  void refusesWhatWouldLeaveAGap() {
    landed.landed(Appends.KEYED, body(2, false));
    Plan plan = plan(Appends.keyed(4, 5), Appends.keyed(3, 4));
    assertThat(plan.shares()).extracting(Plan.Share::landing).containsExactly(0L, 2L);
    assertThat(plan.shares().getFirst().refused())
        .hasMessage(
            "Cannot append to bronze.shop_order: record 4 of batch "
                + Appends.KEYED
                + " came before record 3")
        .returns(ErrorCode.COMMIT_CONFLICT, Failure::code);
    assertThat(plan.reached()).containsEntry(Appends.KEYED, body(4, false));
  }

  /** In appends of any size, the last one with the end. */
  private Plan resend(List<Bronze.Raw> records, int chunk) {
    var appends = new ArrayList<Bronze.Append>();
    for (int from = 0; from < records.size(); from += chunk) {
      int to = Math.min(records.size(), from + chunk);
      appends.add(
          Appends.of(
              Appends.KEYED,
              records.subList(0, from),
              records.subList(from, to),
              to == records.size()));
    }
    return Plan.of(appends, landed);
  }

  private static void assertRefused(Plan plan, String reason) {
    assertThat(plan.records()).isZero();
    assertThat(plan.shares())
        .extracting(Plan.Share::refused)
        .filteredOn(refused -> refused != null && refused.code() == ErrorCode.KEY_REUSED)
        .first()
        .extracting(Failure::getMessage)
        .asString()
        .endsWith(reason);
  }

  private static List<Bronze.Raw> numbered(List<Bronze.Raw> records) {
    return LongStream.range(0, records.size())
        .mapToObj(i -> new Bronze.Raw(i + 1, records.get((int) i).payload(), null))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 20})
  void landsNothingOfAnotherBodyUnderTheSameKeyHoweverItIsCut(int chunk) {
    List<Bronze.Raw> sent = Appends.records(1, 10);
    for (boolean whole : new boolean[] {true, false}) {
      landed.landed(Appends.KEYED, body(5, whole));
      var reordered = new ArrayList<>(sent);
      Collections.swap(reordered, 1, 3);
      assertRefused(resend(numbered(reordered), chunk), "others, or in another order");
      var corrected = new ArrayList<>(sent);
      corrected.set(4, new Bronze.Raw(5, Bytes.utf8("{}"), null));
      assertRefused(resend(corrected, chunk), "others, or in another order");
      assertRefused(resend(sent.subList(0, 4), chunk), "it has only 4");
    }
    landed.landed(Appends.KEYED, body(5, true));
    assertRefused(resend(sent, chunk), "it has more");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 20})
  void completesABodyThatBrokeOffHoweverItIsCut(int chunk) {
    for (long before = 0; before <= 10; before++) {
      landed.landed(Appends.KEYED, body(before, false));
      Plan plan = resend(Appends.records(1, 10), chunk);
      assertThat(plan.records()).isEqualTo(10 - before);
      assertThat(plan.reached()).containsEntry(Appends.KEYED, body(10, true));
    }
  }
}
