package dev.lode.vectors;

import dev.lode.codecs.Failure;
import dev.lode.config.YamlFiles;
import dev.lode.proof.Functions;
import dev.lode.proof.Proof;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles the SQL of namespaces as a turn does, over tables without rows. Blocks. */
public final class VectorSql {
  private final Lake lake;
  private final Sources sources;

  /**
   * @param lake has the tables that namespaces read
   */
  public VectorSql(Lake lake) {
    this.lake = lake;
    this.sources = new Sources(lake);
  }

  /** Each with its file; a namespace that reads what is not there is left out. */
  public List<String> problems(Path folder, List<VectorSpec> specs) {
    var problems = new ArrayList<String>();
    for (VectorSpec spec : specs) {
      problem(spec)
          .ifPresent(
              what ->
                  problems.add(
                      YamlFiles.either(folder.resolve(spec.namespace() + ".yaml")) + ": " + what));
    }
    return problems;
  }

  private Optional<String> problem(VectorSpec spec) {
    try {
      List<TableName> tables = sources.tables(spec);
      if (tables.stream().allMatch(lake::exists)) {
        compile(spec, tables);
      }
      return Optional.empty();
    } catch (Failure e) {
      return Optional.of(e.oneLine());
    }
  }

  private void compile(VectorSpec spec, List<TableName> tables) {
    try (Session session = lake.session()) {
      prove(session, spec, tables);
      tables.forEach(table -> session.bind(table.toString(), Slice.now(table)));
      var columns = new Difference(lake, session, spec, "").columns();
      session.query(new DocumentSql(spec, columns).select(spec.select()), 1);
    }
  }

  /** Documents are made of the rows of their keys alone, where they are brought up to date so. */
  private void prove(Session session, VectorSpec spec, List<TableName> tables) {
    if (spec.sql() == null || !spec.incremental() || tables.size() != 1) {
      return;
    }
    var claim = new Proof.Claim(spec.key(), Map.of(tables.getFirst(), spec.key()), false);
    new Proof(session, Functions.of(session), Proof.Tables.of(lake))
        .judge(spec.sql(), claim)
        .doubt()
        .ifPresent(
            why -> {
              throw Failure.invalid(
                  "incremental: true does not hold, "
                      + why.getMessage().replace(Proof.WHOLE, "write incremental: false"));
            });
  }
}
