package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.Rows;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.text.Chunker;
import dev.lode.vectors.text.Embedder;
import dev.lode.vectors.text.TextHash;
import dev.lode.vectors.text.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes documents of changed rows; embeds only texts that the index does not have. */
final class DocumentMaker {
  private final VectorSpec spec;
  private final Map<String, FieldType> fields;
  private final Embedder embedder;
  private final Chunker chunker;

  DocumentMaker(VectorSpec spec, Map<String, FieldType> fields, Embedder embedder) {
    this.spec = requireNonNull(spec, "spec is null");
    this.fields = requireNonNull(fields, "fields is null");
    this.embedder = requireNonNull(embedder, "embedder is null");
    this.chunker = new Chunker(spec.chunking(), embedder::tokens);
  }

  /**
   * @param embedded texts that were
   * @param reused vectors that the index had
   */
  record Made(List<Document> documents, long embedded, long reused) {}

  /**
   * @param rows of {@link DocumentSql}
   */
  Made make(Rows rows, VectorIndex index) {
    var texts = new ArrayList<List<String>>();
    rows.rows().forEach(row -> texts.add(chunker.chunks((String) row.get(1))));
    var vectors = new HashMap<String, Unit>();
    var unknown = new LinkedHashMap<String, String>();
    texts.forEach(chunks -> chunks.forEach(text -> find(text, index, vectors, unknown)));
    List<Unit> fresh = embedder.embed(List.copyOf(unknown.values()));
    long reused = vectors.size();
    int next = 0;
    for (String hash : unknown.keySet()) {
      vectors.put(hash, fresh.get(next++));
    }
    var documents = new ArrayList<Document>();
    for (int i = 0; i < texts.size(); i++) {
      documents.add(document(rows.rows().get(i), chunks(texts.get(i), vectors)));
    }
    return new Made(documents, unknown.size(), reused);
  }

  private void find(
      String text, VectorIndex index, Map<String, Unit> vectors, Map<String, String> unknown) {
    String hash = TextHash.of(embedder, text);
    if (vectors.containsKey(hash) || unknown.containsKey(hash)) {
      return;
    }
    Optional<Unit> known = index.vector(hash, embedder.dimension());
    known.ifPresentOrElse(vector -> vectors.put(hash, vector), () -> unknown.put(hash, text));
  }

  private List<Document.Chunk> chunks(List<String> texts, Map<String, Unit> vectors) {
    var chunks = new ArrayList<Document.Chunk>();
    for (String text : texts) {
      String hash = TextHash.of(embedder, text);
      chunks.add(new Document.Chunk(text, hash, vectors.get(hash)));
    }
    return chunks;
  }

  private Document document(List<Object> row, List<Document.Chunk> chunks) {
    var metadata = new LinkedHashMap<String, Object>();
    var filters = new HashMap<String, List<Object>>();
    for (int i = 0; i < spec.metadata().size(); i++) {
      String name = spec.metadata().get(i);
      Object value = row.get(3 + i);
      metadata.put(name, MetadataValues.json(value));
      filters.put(name, MetadataValues.typed(fields.get(name), value));
    }
    String key = (String) row.getFirst();
    String lineageId = (String) row.get(2);
    String text = (String) row.get(1);
    return new Document(key, (String) row.getLast(), lineageId, text, metadata, filters, chunks);
  }
}
