package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Vectors;
import dev.lode.tables.TableName;
import dev.lode.vectors.analysis.Analysis;
import dev.lode.vectors.search.FilterReader;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.text.Embedder;
import dev.lode.vectors.text.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks searches, embeds their words and puts them to the tenant's index. Thread-safe. */
final class Searcher {
  private final VectorParts parts;

  Searcher(VectorParts parts) {
    this.parts = requireNonNull(parts, "parts is null");
  }

  Vectors.Found search(Vectors.Search search) {
    VectorSpec spec = parts.spec("search", search.namespace());
    Mode mode = Question.mode(search.mode());
    Fusion fusion = Question.fusion(search.fusion());
    boolean documents = Question.documents(search.groupBy());
    checkTopK(search.topK());
    checkText(search, mode);
    Unit vector = mode == Mode.KEYWORD ? null : vector(search, spec);
    var partition = new Partition(search.namespace(), search.tenantId());
    String table = parts.sources().tables(spec).getFirst().toString();
    return parts
        .indexes()
        .read(
            partition,
            index -> {
              var checkpoint = index.checkpoint();
              var filter = new FilterReader(checkpoint.fields()).read(search.filter());
              var question =
                  new Question(
                      mode, vector, search.text(), filter, fusion, documents, search.topK());
              var shown = new Shown(table, checkpoint.snapshots().getOrDefault(table, -1L));
              boolean isCurrent = checkpoint.spec().equals(spec.fingerprint());
              return shown.found(
                  search, index.search(question), notes(search, spec, mode, isCurrent));
            })
        .orElseGet(() -> new Shown(table, -1L).found(search, List.of(), List.of()));
  }

  private record Shown(String table, long snapshot) {
    Vectors.Found found(Vectors.Search search, List<Vectors.Hit> hits, List<String> notes) {
      return new Vectors.Found(search.tenantId(), search.namespace(), table, snapshot, hits, notes);
    }
  }

  /** What keeps words from finding all that a reader of the query would expect. */
  private static List<String> notes(
      Vectors.Search search, VectorSpec spec, Mode mode, boolean isCurrent) {
    if (mode == Mode.VECTOR) {
      return List.of();
    }
    var notes = new ArrayList<String>();
    String language = spec.spoken().name();
    if (Analysis.of(spec.spoken()).words(search.text()).isEmpty()) {
      notes.add(
          "no word of the query can be searched for: it has only stop words of %s and signs"
              .formatted(language));
    }
    if (!isCurrent) {
      notes.add(
          "%s is being indexed anew: words find only what is done already"
              .formatted(spec.namespace()));
    }
    return notes;
  }

  private void checkTopK(int topK) {
    int most = parts.config().topKMax();
    if (topK < 1 || topK > most) {
      throw Failure.invalid("Invalid top_k: %d (must be 1..%d)".formatted(topK, most));
    }
  }

  private void checkText(Vectors.Search search, Mode mode) {
    String text = search.text();
    if (text == null) {
      if (mode != Mode.VECTOR) {
        throw Failure.invalid(
            "Cannot search by words without a query (mode " + search.mode() + ")");
      }
      if (search.vector() == null) {
        throw Failure.invalid("Cannot search: neither a query nor a vector is given");
      }
    } else if (text.isBlank()) {
      throw Failure.invalid("Invalid query: it is blank");
    } else if (text.length() > parts.config().textMax()) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Invalid query: %d characters (at most %d)"
              .formatted(text.length(), parts.config().textMax()));
    }
  }

  private Unit vector(Vectors.Search search, VectorSpec spec) {
    Embedder embedder = parts.embedders().apply(spec.embedder());
    if (search.vector() == null) {
      return embedder.embed(List.of(search.text())).getFirst();
    }
    List<Float> numbers = search.vector();
    if (numbers.size() != embedder.dimension()) {
      throw Failure.invalid(
          "Invalid vector: %d numbers (namespace %s has %d, of %s)"
              .formatted(numbers.size(), spec.namespace(), embedder.dimension(), embedder.id()));
    }
    float[] vector = new float[numbers.size()];
    boolean isZero = true;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i);
      isZero &= vector[i] == 0;
      if (!Float.isFinite(vector[i])) {
        throw Failure.invalid("Invalid vector: number %d is %s".formatted(i, vector[i]));
      }
    }
    if (isZero) {
      throw Failure.invalid("Invalid vector: all zeros have no direction");
    }
    return Unit.of(vector);
  }

  /** What the namespaces hold of a tenant, for the dashboard and for agents. */
  List<Map<String, Object>> namespaces(String tenantId) {
    var namespaces = new ArrayList<Map<String, Object>>();
    for (VectorSpec spec : parts.specs()) {
      var partition = new Partition(spec.namespace(), tenantId);
      var namespace = described(spec);
      namespace.putAll(
          parts.indexes().read(partition, Searcher::standing).orElseGet(Searcher::nothing));
      namespaces.add(namespace);
    }
    return namespaces;
  }

  private Map<String, Object> described(VectorSpec spec) {
    var namespace = new LinkedHashMap<String, Object>();
    namespace.put("namespace", spec.namespace());
    namespace.put("description", spec.description());
    namespace.put(
        "tables", parts.sources().tables(spec).stream().map(TableName::toString).toList());
    namespace.put("key", spec.key());
    namespace.put("metadata", spec.metadata());
    namespace.put("language", spec.spoken().code());
    namespace.put("embedder", spec.embedder());
    return namespace;
  }

  private static Map<String, Object> standing(VectorIndex index) {
    var fields = new TreeMap<String, String>();
    index.checkpoint().fields().forEach((name, type) -> fields.put(name, type.sql()));
    return Map.of(
        "documents", index.documents(),
        "vectors", index.vectors(),
        "fields", fields,
        "snapshot_ids", index.checkpoint().snapshots());
  }

  private static Map<String, Object> nothing() {
    return Map.of("documents", 0L, "vectors", 0L, "fields", Map.of(), "snapshot_ids", Map.of());
  }
}
