package dev.lode.silver;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.Alterations;
import dev.lode.tables.Lake;
import dev.lode.tables.Refusal;
import dev.lode.tables.TableSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The Silver tables that contracts declare. */
public final class ContractTables {

  private ContractTables() {}

  /** Makes the table, or makes it what the contract says now. */
  public static void ensure(Lake lake, Contract contract) {
    specs(contract).forEach(spec -> lake.ensure(spec, SilverTables.alterations(contract)));
  }

  /** The tables that the contract declares. */
  public static List<TableSpec> of(Contract contract) {
    return specs(contract).toList();
  }

  private static Stream<TableSpec> specs(Contract contract) {
    var silver = Stream.of(SilverTables.silver(contract));
    return contract.history()
        ? Stream.concat(silver, Stream.of(SilverTables.history(contract)))
        : silver;
  }

  /**
   * Why a table that is there cannot become what its contract says, each as {@code place: what is
   * wrong, and what to do}.
   *
   * @param refusals {@code Lake::refusals}
   * @param notes {@code Lake::note}
   */
  public static List<String> problems(
      Contract contract,
      BiFunction<TableSpec, Alterations, List<Refusal>> refusals,
      Function<String, Optional<String>> notes) {
    var shapes =
        specs(contract)
            .flatMap(
                spec ->
                    refusals.apply(spec, SilverTables.alterations(contract)).stream()
                        .map(refusal -> problem(spec, refusal)));
    return Stream.concat(shapes, Masks.problems(contract, notes).stream()).toList();
  }

  private static String problem(TableSpec spec, Refusal refusal) {
    String place = refusal.column() == null ? "schema" : "schema." + refusal.column();
    return "%s: %s cannot change: %s. %s"
        .formatted(place, spec.name(), refusal.what(), refusal.next());
  }
}
