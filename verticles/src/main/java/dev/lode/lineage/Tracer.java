package dev.lode.lineage;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Lineage;
import dev.lode.config.Nearest;
import dev.lode.lineage.RowSets.Dataset;
import dev.lode.lineage.RowSets.RowSet;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Answers traces: finds the subject, then walks up from it and down. Reads one tenant's rows. */
final class Tracer {
  private final Lake lake;
  private final List<Link> links;
  private final int nodesMax;

  Tracer(Lake lake, List<Link> links, int nodesMax) {
    this.lake = requireNonNull(lake, "lake is null");
    this.links = List.copyOf(links);
    this.nodesMax = nodesMax;
  }

  Lineage.Traced trace(Lineage.Trace request) {
    if (request.key().isEmpty()) {
      throw Failure.invalid("Cannot trace a " + request.kind() + ": its key is empty");
    }
    var graph = new Graph(nodesMax);
    try (Session session = lake.session()) {
      var sets = new RowSets(session, request.tenantId(), graph);
      RowSet subject = subject(request, sets);
      if (subject.isEmpty()) {
        throw absent(request);
      }
      var walk = new Walk(lake, links, sets);
      walk.up(subject);
      walk.down(subject);
      return graph.traced(request.tenantId());
    }
  }

  private RowSet subject(Lineage.Trace request, RowSets sets) {
    return switch (request.kind()) {
      case "record" -> record(request, sets);
      case "row" -> row(request, TableName.of(named(request)), sets);
      case "vector" -> vector(request, sets);
      case "feature" -> feature(request, sets);
      default ->
          throw Failure.invalid(
              "Invalid kind: " + request.kind() + " (record, row, vector or feature)");
    };
  }

  private RowSet record(Lineage.Trace request, RowSets sets) {
    UUID id = id(request);
    for (TableName table : lake.tables()) {
      if (table.layer().equals("bronze")) {
        RowSet found = sets.collect(Walk.records(table), Walk.record(table, id, id), "true");
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    throw absent(request);
  }

  private static UUID id(Lineage.Trace request) {
    Object id = request.key().get("lineage_id");
    try {
      return UUID.fromString(String.valueOf(id));
    } catch (IllegalArgumentException e) {
      throw Failure.invalid("Invalid lineage_id: " + id + " (must be a UUID)");
    }
  }

  private RowSet row(Lineage.Trace request, TableName table, RowSets sets) {
    if (table.layer().equals("system")) {
      throw Failure.invalid("Cannot trace a row of " + table + ": it is Lode's own");
    }
    TableSpec spec = lake.spec(table);
    boolean made = table.layer().equals("gold") || table.layer().equals("platinum");
    var declared = links.stream().filter(link -> table.equals(link.table())).findFirst();
    Dataset dataset =
        !made
            ? Walk.records(table)
            : declared
                .filter(link -> !link.key().isEmpty())
                .map(Walk::made)
                .orElseGet(() -> keyed(spec, declared, request.key()));
    return find(dataset, spec, request.key(), sets);
  }

  private static Dataset keyed(TableSpec spec, Optional<Link> declared, Map<String, Object> key) {
    List<String> columns = spec.key().stream().filter(name -> !name.equals("tenant_id")).toList();
    return new Dataset(
        declared.map(Link::layer).orElse(spec.name().layer()),
        spec.name().toString(),
        spec.name(),
        columns.isEmpty() ? List.copyOf(key.keySet()) : columns,
        List.of());
  }

  private static RowSet find(
      Dataset dataset, TableSpec spec, Map<String, Object> key, RowSets sets) {
    var types = types(spec);
    for (String column : key.keySet()) {
      if (!types.containsKey(column)) {
        throw Failure.invalid(
            "Cannot trace a row of %s: no column %s%s"
                .formatted(spec.name(), column, meant(column, types.keySet())));
      }
    }
    try {
      return sets.collect(dataset, Slice.now(spec.name()), RowSets.equal(key, types));
    } catch (Failure e) {
      throw e.code() == ErrorCode.SQL_REFUSED
          ? Failure.invalid("Cannot trace a row of " + spec.name() + ": " + e.getMessage())
          : e;
    }
  }

  static Map<String, String> types(TableSpec spec) {
    var types = new LinkedHashMap<String, String>();
    spec.fields().forEach(field -> types.put(field.name(), field.type()));
    return types;
  }

  /** The index is not asked: a vector's id says which row it was made from. */
  private RowSet vector(Lineage.Trace request, RowSets sets) {
    Link link = link("vectors", ErrorCode.NAMESPACE_NOT_FOUND, request);
    String id = String.valueOf(request.key().get("id"));
    String row = key(link, id, sets).orElseThrow(() -> absent(request));
    long snapshot = lake.head(link.source()).orElseThrow().id();
    return sets.derive(Walk.made(link), "SELECT " + RowSets.literal(row) + " AS id", snapshot);
  }

  /** The id is the row's key, or that of one of its chunks; of a whole table none can be told. */
  private Optional<String> key(Link link, String id, RowSets sets) {
    String document = id.replaceFirst("#\\d+$", "");
    if (!lake.exists(link.source())) {
      return Optional.empty();
    }
    if (link.key().isEmpty()) {
      return Optional.of(document);
    }
    return Stream.of(id, document)
        .distinct()
        .filter(key -> sets.has(Slice.now(link.source()), Walk.is(link, key)))
        .findFirst();
  }

  private RowSet feature(Lineage.Trace request, RowSets sets) {
    Dataset dataset =
        pushed(request)
            .orElseGet(() -> Walk.made(link("features", ErrorCode.FEATURE_NOT_FOUND, request)));
    if (!lake.exists(dataset.table())) {
      throw absent(request);
    }
    return find(dataset, lake.spec(dataset.table()), request.key(), sets);
  }

  /** A view whose rows only come by push is made from no table, and so has no link. */
  private Optional<Dataset> pushed(Lineage.Trace request) {
    String name = named(request);
    var table = new TableName("platinum", "features_" + name);
    boolean linked = links.stream().anyMatch(link -> link.dataset().equals(name));
    return linked || !lake.exists(table)
        ? Optional.empty()
        : Optional.of(
            new Dataset(
                "features",
                name,
                table,
                List.copyOf(request.key().keySet()),
                List.of("event_timestamp", "created", "sequence")));
  }

  private Link link(String layer, ErrorCode code, Lineage.Trace request) {
    String name = named(request);
    var known = links.stream().filter(link -> link.layer().equals(layer)).toList();
    return known.stream()
        .filter(link -> link.dataset().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    code,
                    "Cannot trace a %s of %s: no such %s%s"
                        .formatted(
                            request.kind(),
                            name,
                            layer.equals("vectors") ? "namespace" : "feature view",
                            meant(name, known.stream().map(Link::dataset).toList()))));
  }

  private static String named(Lineage.Trace request) {
    if (request.name() == null) {
      throw Failure.invalid("Cannot trace a " + request.kind() + ": its name is missing");
    }
    return request.name();
  }

  private static String meant(String word, Collection<String> known) {
    return Nearest.to(word, known).map(name -> " (did you mean " + name + "?)").orElse("");
  }

  private static Failure absent(Lineage.Trace request) {
    return new Failure(
        ErrorCode.NOT_FOUND,
        "Cannot trace %s%s: there is none"
            .formatted(
                request.name() == null ? "record" : request.kind() + " of " + request.name() + " ",
                request.name() == null ? " " + request.key() : request.key()));
  }
}
