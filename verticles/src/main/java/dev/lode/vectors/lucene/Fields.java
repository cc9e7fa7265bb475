package dev.lode.vectors.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** How a document lies in the index: one Lucene document per chunk. */
final class Fields {
  static final String ID = "_id";
  static final String KEY = "_key";
  static final String CONTENT_HASH = "_content";
  static final String TEXT_HASH = "_texthash";
  static final String TEXT = "_passage";
  static final String METADATA = "_metadata";
  static final String LINEAGE = "_lineage_id";

  /** Chunks of the document, at its first. */
  static final String CHUNKS = "_chunks";

  /** The text where an earlier version wrote it, with words that no query asks for any more. */
  private static final String FORMER_TEXT = "_text";

  /** Marks the first chunk of each document. */
  static final String HEAD = "_head";

  private static final int TERM_BYTES_MAX = 8192;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Fields() {}

  /** Vectors of another length are another field: an embedder can be changed. */
  static String vector(int dimension) {
    return "_vector" + dimension;
  }

  /** A column whose type changes is another field. */
  static String metadata(String name, FieldType type) {
    return type.kind() + "_" + type.scale() + "_" + name;
  }

  static List<List<IndexableField>> chunks(
      Document document, Map<String, FieldType> types, Words words) {
    var chunks = new ArrayList<List<IndexableField>>();
    for (int i = 0; i < document.chunks().size(); i++) {
      var fields = chunk(document, i);
      fields.add(words.ofChunk(document.chunks().get(i).text()));
      if (i == 0) {
        fields.add(words.ofDocument(document.text()));
      }
      document.filters().forEach((name, values) -> addTyped(fields, name, types.get(name), values));
      chunks.add(fields);
    }
    return chunks;
  }

  private static List<IndexableField> chunk(Document document, int i) {
    Document.Chunk chunk = document.chunks().get(i);
    String id = document.id(i);
    var fields = new ArrayList<IndexableField>();
    fields.add(new StringField(ID, id, Store.YES));
    fields.add(new SortedDocValuesField(ID, new BytesRef(id)));
    fields.add(new StringField(KEY, document.key(), Store.NO));
    fields.add(new BinaryDocValuesField(KEY, new BytesRef(document.key())));
    fields.add(new BinaryDocValuesField(CONTENT_HASH, new BytesRef(document.contentHash())));
    fields.add(new StringField(TEXT_HASH, chunk.textHash(), Store.NO));
    fields.add(new StoredField(TEXT, chunk.text()));
    fields.add(new StoredField(METADATA, write(document.metadata())));
    fields.add(
        new KnnFloatVectorField(
            vector(chunk.vector().dimension()),
            chunk.vector().array(),
            VectorSimilarityFunction.DOT_PRODUCT));
    if (document.lineageId() != null) {
      fields.add(new StringField(LINEAGE, document.lineageId(), Store.YES));
    }
    if (i == 0) {
      fields.add(new StringField(HEAD, "", Store.NO));
      fields.add(new NumericDocValuesField(CHUNKS, document.chunks().size()));
    }
    return fields;
  }

  static String text(org.apache.lucene.document.Document stored) {
    String text = stored.get(TEXT);
    return text == null ? stored.get(FORMER_TEXT) : text;
  }

  private static void addTyped(
      List<IndexableField> fields, String name, FieldType type, List<Object> values) {
    String field = metadata(name, type);
    for (Object value : values) {
      fields.add(
          switch (type.kind()) {
            case TEXT -> new KeywordField(field, term(value), Store.NO);
            case REAL -> new DoubleField(field, ((Number) value).doubleValue(), Store.NO);
            case NUMBER, BOOLEAN, DATE, TIME ->
                new LongField(field, number(type, value, RoundingMode.UNNECESSARY), Store.NO);
          });
    }
  }

  /** Lucene's terms end at 32 KB: of longer texts the first 8 KB are compared. */
  static BytesRef term(Object value) {
    byte[] bytes = value.toString().getBytes(UTF_8);
    return new BytesRef(bytes, 0, Math.min(bytes.length, TERM_BYTES_MAX));
  }

  /** ArithmeticException where {@code rounding} is UNNECESSARY but needed, or where none can be. */
  static long number(FieldType type, Object value, RoundingMode rounding) {
    return switch (value) {
      case Boolean is -> is ? 1 : 0;
      case LocalDate date -> date.toEpochDay();
      case Instant time ->
          Math.addExact(
              Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1000);
      case BigDecimal exact ->
          exact.setScale(type.scale(), rounding).unscaledValue().longValueExact();
      default -> throw new IllegalStateException("Not a number: " + value);
    };
  }

  static String write(Object json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write metadata", e);
    }
  }

  static Map<String, Object> read(String json) {
    try {
      return JSON.readValue(json, OBJECT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read metadata: " + json, e);
    }
  }
}
