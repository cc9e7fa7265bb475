package dev.lode.tables;

import java.util.List;
import java.util.Optional;

/**
 * Compares specs with the tables of a lake that another process may be writing to: takes no lock,
 * and changes nothing.
 */
public final class SchemaCheck implements AutoCloseable {
  private final Catalog catalog;

  private SchemaCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Of a lake that is there. */
  public static SchemaCheck of(LakeOptions options) {
    return new SchemaCheck(Catalog.beside(options));
  }

  /** As {@link Lake#refusals}. */
  public List<Refusal> refusals(TableSpec spec, Alterations alterations) {
    return refusals(catalog, spec, alterations);
  }

  /** As {@link Lake#note(String)}. */
  public Optional<String> note(String key) {
    return Optional.ofNullable(catalog.notes().get(key));
  }

  static List<Refusal> refusals(Catalog catalog, TableSpec spec, Alterations alterations) {
    if (!catalog.exists(spec.name())) {
      return List.of();
    }
    var table = catalog.fresh(spec.name()).readable();
    return Alter.evolution(table, spec, alterations).refusals();
  }

  @Override
  public void close() {
    catalog.close();
  }
}
