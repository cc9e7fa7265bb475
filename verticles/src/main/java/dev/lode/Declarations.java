package dev.lode;

import dev.lode.features.spec.FeatureCatalog;
import dev.lode.features.spec.View;
import dev.lode.gold.Mart;
import dev.lode.gold.Marts;
import dev.lode.lineage.Link;
import dev.lode.proof.Proof;
import dev.lode.silver.ContractTables;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.vectors.Sources;
import dev.lode.vectors.VectorSpec;
import dev.lode.vectors.VectorSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What conf/ declares besides limits: contracts, marts, vectors and features. */
record Declarations(
    List<Contract> contracts,
    Marts made,
    FeatureCatalog features,
    List<VectorSpec> vectors,
    Sources sources) {

  /** INVALID_CONFIG names every problem of the first kind that has any. */
  static Declarations read(Path folder, Lake lake) {
    try (Session session = lake.session()) {
      var contracts =
          Contracts.read(
              folder.resolve("contracts"),
              contract -> ContractTables.problems(contract, lake::refusals, lake::note));
      return new Declarations(
          contracts,
          Marts.read(folder.resolve("marts"), session, tables(contracts)).sound(),
          FeatureCatalog.load(folder.resolve("features")),
          VectorSpecs.read(folder.resolve("vectors")),
          new Sources(lake));
    }
  }

  List<Mart> marts() {
    return made.marts();
  }

  /** What contracts say of their tables. */
  static Proof.Tables tables(List<Contract> contracts) {
    var specs = new HashMap<TableName, TableSpec>();
    contracts.stream()
        .flatMap(contract -> ContractTables.of(contract).stream())
        .forEach(spec -> specs.put(spec.name(), spec));
    return new Proof.Tables() {
      @Override
      public Optional<List<String>> columns(TableName table) {
        return Optional.ofNullable(specs.get(table))
            .map(spec -> spec.fields().stream().map(TableSpec.Field::name).toList());
      }

      @Override
      public List<String> rowKey(TableName table) {
        return specs.containsKey(table) ? specs.get(table).key() : List.of();
      }
    };
  }

  /** The tables that are made from others; whatever else notes a watermark needs none. */
  Set<TableName> consumers() {
    var consumers = new HashSet<TableName>();
    contracts.forEach(contract -> consumers.add(contract.table()));
    links().stream().map(Link::table).filter(Objects::nonNull).forEach(consumers::add);
    consumers.add(TableName.of("system.quality_results"));
    consumers.add(TableName.of("system.lineage_runs"));
    return consumers;
  }

  /** Which table each mart, view and namespace is made from, and how its keys follow. */
  List<Link> links() {
    var links = new ArrayList<Link>();
    marts().forEach(mart -> links.addAll(links(mart)));
    features.views().forEach(view -> links.addAll(links(view)));
    vectors.forEach(spec -> links.addAll(links(spec)));
    return links;
  }

  private static List<Link> links(Mart mart) {
    return mart.inputs().stream()
        .map(
            input -> {
              var key = mart.touch(input).map(Mart.Touch::expressions).orElse(Map.of());
              return new Link("gold", mart.table().toString(), mart.table(), input, key, List.of());
            })
        .toList();
  }

  private static List<Link> links(View view) {
    var links = new ArrayList<Link>();
    var table = new TableName("platinum", "features_" + view.name());
    sources(view)
        .forEach(
            (source, columns) -> {
              var key = new LinkedHashMap<String, String>();
              for (int i = 0; i < columns.size(); i++) {
                key.put(view.keyNames().get(i), columns.get(i));
              }
              var newest = List.of("event_timestamp", "created", "sequence");
              links.add(
                  new Link("features", view.name(), table, TableName.of(source), key, newest));
            });
    return links;
  }

  private List<Link> links(VectorSpec spec) {
    List<TableName> tables = sources.tables(spec);
    Map<String, String> key =
        spec.incremental() && tables.size() == 1 ? Map.of("id", spec.idExpression()) : Map.of();
    return tables.stream()
        .map(table -> new Link("vectors", spec.namespace(), null, table, key, List.of()))
        .toList();
  }

  private static Map<String, List<String>> sources(View view) {
    if (view.source() == null) {
      return Map.of();
    }
    return view.source().table() == null
        ? view.source().touched()
        : Map.of(view.source().table(), view.keyNames());
  }
}
