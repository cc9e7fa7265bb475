package dev.lode.silver;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Check;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Rule;
import dev.lode.silver.sql.Evaluation;
import dev.lode.silver.sql.Shapes;
import dev.lode.tables.BronzeTable;
import dev.lode.tables.Lake;
import dev.lode.tables.Slice;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Compiles the SQL of contracts as a run does, on no records at all. Blocks. */
public final class ContractSql {
  private static final TableSpec NOTHING = BronzeTable.spec("lode", "nothing");

  private final Lake lake;
  private final HmacKey key;

  /**
   * @param lake an empty one, in which the contracts' tables are made
   */
  public ContractSql(Lake lake, HmacKey key) {
    this.lake = lake;
    this.key = key;
    lake.ensure(NOTHING);
  }

  /** Each as {@code place: what is wrong}. */
  public List<String> problems(Contract contract) {
    ContractTables.ensure(lake, contract);
    var plain = contract.rules().stream().filter(rule -> !isSql(rule)).toList();
    var problems = new ArrayList<String>();
    compile(contract.with(plain), assay -> {})
        .ifPresent(problem -> problems.add("schema: " + problem));
    for (Rule rule : problems.isEmpty() ? contract.rules() : List.<Rule>of()) {
      problem(contract, plain, rule)
          .ifPresent(problem -> problems.add(place(rule) + ": " + problem));
    }
    return problems;
  }

  private Optional<String> problem(Contract contract, List<Rule> plain, Rule rule) {
    if (rule instanceof Rule.Whole whole && whole.query() != null) {
      return compile(contract.with(plain), assay -> assay.ask(whole, ""));
    }
    var one = Stream.concat(plain.stream(), Stream.of(rule)).toList();
    return isCondition(rule) ? compile(contract.with(one), assay -> {}) : Optional.empty();
  }

  private static boolean isSql(Rule rule) {
    return rule instanceof Rule.Whole || isCondition(rule);
  }

  private static boolean isCondition(Rule rule) {
    return rule instanceof Rule.Row row && row.check() instanceof Check.Condition;
  }

  private static String place(Rule rule) {
    String column = rule instanceof Rule.Row row && row.property() != null ? row.property() : null;
    return "schema." + (column == null ? "" : column + ".") + "quality." + rule.id();
  }

  private Optional<String> compile(Contract contract, Consumer<Assay> more) {
    try (var assay =
        Assay.of(
            lake,
            new Shapes(contract),
            key,
            session -> session.bind(Evaluation.BATCH, Slice.now(NOTHING.name())))) {
      more.accept(assay);
      return Optional.empty();
    } catch (Failure e) {
      if (e.code() != ErrorCode.SQL_REFUSED) {
        throw e;
      }
      return Optional.of(e.oneLine());
    }
  }
}
