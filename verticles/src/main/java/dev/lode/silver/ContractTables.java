package dev.lode.silver;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.Alterations;
import dev.lode.tables.Lake;
import dev.lode.tables.Refusal;
import dev.lode.tables.TableSpec;
import java.util.List;
import java.util.function.BiFunction;

/** The Silver tables that contracts declare. */
public final class ContractTables {

  private ContractTables() {}

  /** Makes the table, or makes it what the contract says now. */
  public static void ensure(Lake lake, Contract contract) {
    lake.ensure(SilverTables.silver(contract), SilverTables.alterations(contract));
  }

  /**
   * Why a table that is there cannot become what its contract says, each as {@code place: what is
   * wrong, and what to do}.
   *
   * @param refusals {@code Lake::refusals}
   */
  public static List<String> problems(
      Contract contract, BiFunction<TableSpec, Alterations, List<Refusal>> refusals) {
    return refusals
        .apply(SilverTables.silver(contract), SilverTables.alterations(contract))
        .stream()
        .map(
            refusal ->
                "schema%s: %s cannot change: %s. %s"
                    .formatted(
                        refusal.column() == null ? "" : "." + refusal.column(),
                        contract.table(),
                        refusal.what(),
                        refusal.next()))
        .toList();
  }
}
