package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MovedRowsTest {

  @Test
  void findsRowsThatDiedAfterTheyWereMoved() {
    var moved = new MovedRows();
    moved.add(4, index(1)); // Its rows 0, 2, 3 are now 0, 1, 2.
    moved.add(3, index()); // 0, 1, 2 are now 3, 4, 5.
    moved.add(3, index(0, 2)); // 1 is now 6.
    var died = new ArrayList<Long>();

    moved.died(0, index(1, 2), died::add);
    moved.died(1, index(2), died::add);
    moved.died(2, index(0, 1, 2), died::add);

    assertThat(died).isEqualTo(List.of(1L, 5L, 6L));
  }

  private static FileRows.Positions index(long... positions) {
    return sink -> LongStream.of(positions).forEach(sink);
  }
}
