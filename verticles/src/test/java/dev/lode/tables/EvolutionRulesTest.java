package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Alterations.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is decided, without a table. */
class EvolutionRulesTest {
  private static final Alterations STRICT = renamed(Map.of());

  private static TableSpec spec(String... columns) {
    return keyed(List.of("tenant_id"), columns);
  }

  /** Each column as {@code name TYPE}. */
  private static TableSpec keyed(List<String> key, String... columns) {
    var fields = new ArrayList<TableSpec.Field>();
    fields.add(required("tenant_id", "VARCHAR", ""));
    for (String column : columns) {
      int space = column.indexOf(' ');
      fields.add(optional(column.substring(0, space), column.substring(space + 1), ""));
    }
    return new TableSpec(
        TableName.of("silver.product"), fields, key, List.of("tenant_id", "month(day)"), "");
  }

  private static Alterations renamed(Map<String, List<String>> formerNames) {
    return new Alterations(Policy.STRICT, formerNames, Set.of(), Set.of());
  }

  private static Alterations dropped(String... columns) {
    return new Alterations(Policy.STRICT, Map.of(), Set.of(columns), Set.of());
  }

  private static Evolution of(TableSpec is, TableSpec spec, Alterations alterations) {
    return Evolution.of(is, true, spec, alterations);
  }

  private static List<String> refused(TableSpec is, TableSpec spec, Alterations alterations) {
    return of(is, spec, alterations).refusals().stream().map(Refusal::what).toList();
  }

  @Test
  void takesAnyFormerNameThatTheTableStillHas() {
    var now = spec("c BIGINT", "day DATE");
    var alterations = renamed(Map.of("c", List.of("b", "a")));

    assertThat(of(spec("a INTEGER", "day DATE"), now, alterations).renames())
        .isEqualTo(Map.of("a", "c"));
    var fromB = of(spec("b INTEGER", "day DATE"), now, alterations);
    assertThat(fromB.renames()).isEqualTo(Map.of("b", "c"));
    assertThat(fromB.promotions()).containsExactly(optional("c", "BIGINT", ""));
    assertThat(fromB.refusals()).isEmpty();
    assertThat(fromB.additions()).isEmpty();
    var again = of(now, now, alterations);
    assertThat(again.renames()).isEmpty();
    assertThat(again.refusals()).isEmpty();
  }

  @Test
  void letsAColumnTakeTheNameThatAnotherGivesUp() {
    var shifted =
        of(
            spec("b DATE", "c DATE", "day DATE"),
            spec("a DATE", "b DATE", "day DATE"),
            renamed(Map.of("a", List.of("b"), "b", List.of("c"))));
    assertThat(shifted.renames()).isEqualTo(Map.of("b", "a", "c", "b"));
    assertThat(shifted.refusals()).isEmpty();

    var anew =
        of(
            spec("a DATE", "day DATE"),
            spec("a VARCHAR", "b DATE", "day DATE"),
            renamed(Map.of("b", List.of("a"))));
    assertThat(anew.renames()).isEqualTo(Map.of("a", "b"));
    assertThat(anew.additions()).containsExactly(optional("a", "VARCHAR", ""));
    assertThat(anew.refusals()).isEmpty();
  }

  @Test
  void renamesWhatThePartitionsAndTheKeyAreMadeOf() {
    var is =
        new TableSpec(
            TableName.of("silver.product"),
            List.of(required("tenant_id", "VARCHAR", ""), optional("sold", "DATE", "")),
            List.of("tenant_id", "sold"),
            List.of("tenant_id", "month(sold)"),
            "");
    assertThat(
            refused(
                is,
                keyed(List.of("tenant_id", "day"), "day DATE"),
                renamed(Map.of("day", List.of("sold")))))
        .isEmpty();
  }

  @Test
  void dropsOnlyWhatIsNamed() {
    var is = spec("a DATE", "b DATE", "day DATE");
    var now = spec("a DATE", "day DATE");
    assertThat(of(is, now, dropped("b", "gone")).drops()).containsExactly("b");
    assertThat(of(now, now, dropped("b", "gone")).drops()).isEmpty();
    assertThat(refused(is, now, STRICT)).containsExactly("column b DATE is left out");
    assertThat(of(is, now, Alterations.NONE).drops()).isEmpty();
    assertThat(of(is, now, Alterations.REPLACED).drops()).containsExactly("b");
  }

  @Test
  void refusesRenamesThatCannotBe() {
    var now = spec("b DATE", "day DATE");
    var fromA = renamed(Map.of("b", List.of("a")));
    assertThat(refused(spec("a DATE", "b DATE", "day DATE"), now, fromA))
        .containsExactly("column a cannot be renamed to b: there is one already");
    assertThat(refused(spec("day DATE"), now, fromA))
        .containsExactly("column b was never called a");
  }

  @Test
  void widensAndNothingElse() {
    var is = spec("a INTEGER", "f FLOAT", "d DECIMAL(9,2)", "l INTEGER[]", "day DATE");
    var wider = spec("a BIGINT", "f DOUBLE", "d DECIMAL(18,2)", "l BIGINT[]", "day DATE");
    assertThat(of(is, wider, STRICT).promotions()).hasSize(4);
    assertThat(refused(wider, is, STRICT))
        .containsExactly(
            "column a is BIGINT, not INTEGER",
            "column f is DOUBLE, not FLOAT",
            "column d is DECIMAL(18,2), not DECIMAL(9,2)",
            "column l is BIGINT[], not INTEGER[]");
    assertThat(refused(spec("a INTEGER", "day DATE"), spec("a VARCHAR", "day DATE"), STRICT))
        .containsExactly("column a is INTEGER, not VARCHAR");
    assertThat(
            refused(
                spec("a DECIMAL(9,2)", "day DATE"), spec("a DECIMAL(18,4)", "day DATE"), STRICT))
        .as("another scale would change what is in the files")
        .containsExactly("column a is DECIMAL(9,2), not DECIMAL(18,4)");
    assertThat(refused(spec("a DATE", "day DATE"), spec("a TIMESTAMP", "day DATE"), STRICT))
        .as("bounds of old files would be read as microseconds")
        .containsExactly("column a is DATE, not TIMESTAMP");
    assertThat(
            of(spec("a INTEGER", "day DATE"), spec("a VARCHAR", "day DATE"), Alterations.REPLACED)
                .additions())
        .as("no row of the old type is left")
        .containsExactly(optional("a", "VARCHAR", ""));
  }

  @Test
  void refusesAnotherKeyOrPartition() {
    var is = keyed(List.of("tenant_id", "a"), "a DATE", "b DATE", "day DATE");
    assertThat(
            refused(is, keyed(List.of("tenant_id", "b"), "a DATE", "b DATE", "day DATE"), STRICT))
        .containsExactly("its key is [tenant_id, a], not [tenant_id, b]");
    assertThat(refused(is, keyed(List.of("tenant_id"), "b DATE", "day DATE"), dropped("a")))
        .containsExactly("its key is [tenant_id, a], not [tenant_id]");
    var other = new TableSpec(is.name(), is.fields(), is.key(), List.of("tenant_id"), "");
    assertThat(refused(is, other, STRICT))
        .containsExactly("its partitions are [tenant_id, month(day)], not [tenant_id]");
  }

  @Test
  void refusesARequiredColumnWhereRowsLackIt() {
    var is = spec("day DATE");
    var now = spec("day DATE", "a BIGINT");
    var filled = new Alterations(Policy.STRICT, Map.of(), Set.of(), Set.of("a"));
    assertThat(refused(is, now, filled))
        .containsExactly(
            "column a BIGINT is new and required, and the rows that there are have none");
    assertThat(Evolution.of(is, false, now, filled).refusals()).isEmpty();
    assertThat(refused(now, now, filled)).isEmpty();
  }
}
