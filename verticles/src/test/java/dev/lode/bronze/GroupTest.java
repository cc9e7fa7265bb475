package dev.lode.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import org.junit.jupiter.api.Test;

class GroupTest {
  private final Group<String> group = group("bronze.group-records", 5, "bronze.pending-max", 8);

  private static Group<String> group(Object... limits) {
    LodeConfig config = TestConfig.with(limits);
    return new Group<>(config.bronze());
  }

  @Test
  void isDueWhenItsRecordsAreMany() {
    group.add(Appends.free("a", 1, 4), "x");
    assertThat(group.due()).isFalse();
    group.add(Appends.free("a", 1, 1), "y");
    assertThat(group.due()).isTrue();
    assertThat(group.take()).extracting(Group.Waiting::caller).containsExactly("x", "y");
    assertThat(group.due()).isFalse();
  }

  @Test
  void isDueWhenItsBytesAreMany() {
    Group<String> small = group("bronze.group-bytes", "10B");
    small.add(Appends.free("a", 1, 1), "x");
    assertThat(small.due()).isFalse();
    small.add(Appends.free("a", 1, 1), "y");
    assertThat(small.due()).isTrue();
  }

  @Test
  void isDueWhenItsTimeIsUp() {
    group.timeUp(group.number());
    assertThat(group.due()).isFalse();
    group.add(Appends.free("a", 1, 1), "x");
    assertThat(group.due()).isTrue();
  }

  @Test
  void doesNotTakeTheTimeOfAnEarlierGroupForItsOwn() {
    group.add(Appends.free("a", 1, 5), "x");
    long earlier = group.number();
    group.take();
    group.committed();
    group.add(Appends.free("a", 1, 1), "y");
    group.timeUp(earlier);
    assertThat(group.due()).isFalse();
    group.timeUp(group.number());
    assertThat(group.due()).isTrue();
  }

  @Test
  void gathersTheNextWhileOneCommits() {
    group.add(Appends.free("a", 1, 3), "x");
    group.take();
    group.add(Appends.free("a", 1, 5), "y");
    assertThat(group.due()).isFalse();
    assertThat(group.pending()).isEqualTo(8);
    group.committed();
    assertThat(group.due()).isTrue();
    assertThat(group.pending()).isEqualTo(5);
  }

  @Test
  void refusesMoreThanMayWait() {
    group.add(Appends.free("a", 1, 8), "x");
    assertThatThrownBy(() -> group.add(Appends.free("a", 1, 1), "y"))
        .hasMessage(
            "Cannot append to bronze.shop_order: 8 records await their commit"
                + " (bronze.pending-max 8)")
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OWNER_BUSY));
    assertThat(group.size()).isEqualTo(1);
  }

  @Test
  void takesOneAppendHoweverLarge() {
    group.add(Appends.free("a", 1, 100), "x");
    assertThat(group.pending()).isEqualTo(100);
  }
}
