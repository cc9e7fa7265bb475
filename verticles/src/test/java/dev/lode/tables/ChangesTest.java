package dev.lode.tables;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
  @TempDir Path folder;
  private Lake lake;
  private Session session;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(Customers.SPEC);
    session = lake.session();
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void showsTheOldAndTheNewOfAnUpdatedRow() {
    long first = upsert("('a', 1, 'x'), ('a', 2, 'y'), ('b', 3, 'z')");
    long second = upsert("('a', 1, 'X')");
    long third = upsert("('a', 2, 'Y')");

    assertThat(changed(first, second)).isEqualTo("[[a, 1, X, 1], [a, 1, x, -1]]");
    assertThat(changed(second, third)).isEqualTo("[[a, 2, Y, 1], [a, 2, y, -1]]");
    assertThat(changed(first, third))
        .isEqualTo("[[a, 1, X, 1], [a, 1, x, -1], [a, 2, Y, 1], [a, 2, y, -1]]");
    assertThat(changed(null, third)).isEqualTo("[[a, 1, X, 1], [a, 2, Y, 1], [b, 3, z, 1]]");
    assertThat(changed(third, third)).isEqualTo("[]");
  }

  @Test
  void leavesOutWhatCameAndWentBetween() {
    long first = upsert("('a', 1, 'x')");
    upsert("('a', 2, 'y')");
    upsert("('a', 2, 'Y')");
    long last =
        session
            .upsert(TABLE, new Upsert(KEY, null, "SELECT 'a' AS tenant_id, 2 AS id"), Progress.NONE)
            .orElseThrow()
            .id();

    assertThat(changed(first, last)).isEqualTo("[]");
  }

  @Test
  void showsARowThatADeleteTookAway() {
    long first = upsert("('a', 1, 'x'), ('a', 2, 'y')");
    var second =
        session.upsert(
            TABLE, new Upsert(KEY, null, "SELECT 'a' AS tenant_id, 2 AS id"), Progress.NONE);

    assertThat(changed(first, second.orElseThrow().id())).isEqualTo("[[a, 2, y, -1]]");
  }

  @Test
  void showsAppendsAsAdditions() {
    long first = upsert("('a', 1, 'x')");
    long second = upsert("('b', 2, 'y')");

    assertThat(changed(first, second)).isEqualTo("[[b, 2, y, 1]]");
    assertThat(rows(Slice.changed(TABLE, first, second).tenant("a"))).isEqualTo("[]");
  }

  @Test
  void showsAReplacedTableFromBothEnds() {
    long first = upsert("('a', 1, 'x'), ('a', 2, 'y')");
    long second =
        session.replace(TABLE, "SELECT 'a' AS tenant_id, 3 AS id, 'z' AS name", Progress.NONE).id();

    assertThat(changed(first, second)).isEqualTo("[[a, 1, x, -1], [a, 2, y, -1], [a, 3, z, 1]]");
  }

  @Test
  void showsAsAddedOnlyRowsOfNewFilesThatStillLive() {
    long first = upsert("('a', 1, 'x'), ('a', 2, 'y')");
    upsert("('a', 1, 'X'), ('a', 3, 'z'), ('a', 4, 'w')");
    long third = upsert("('a', 3, 'Z')");

    assertThat(rows(Slice.added(TABLE, first, third)))
        .isEqualTo("[[a, 1, X], [a, 3, Z], [a, 4, w]]");
    assertThat(rows(Slice.at(TABLE, first))).isEqualTo("[[a, 1, x], [a, 2, y]]");
  }

  private long upsert(String values) {
    String select = Customers.select(values);
    return session.upsert(TABLE, new Upsert(KEY, select, null), Progress.NONE).orElseThrow().id();
  }

  private String changed(Long from, long to) {
    return rows(Slice.changed(TABLE, from, to));
  }

  private String rows(Slice slice) {
    session.bind("shown", slice);
    return session.query("SELECT * FROM shown ORDER BY ALL", 1000).rows().toString();
  }
}
