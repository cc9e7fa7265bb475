package dev.lode.vectors;

import static java.util.Objects.requireNonNullElse;

import dev.lode.tables.TableName;
import dev.lode.vectors.analysis.Language;
import dev.lode.vectors.text.Chunking;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A namespace, one file {@code conf/vectors/<namespace>.yaml}.
 *
 * @param source the table whose rows are the documents; else {@code sql}
 * @param sql one SELECT over tables whose rows are the documents; else {@code source}
 * @param incremental of {@code sql}: that each document is made only of the source rows that carry
 *     its key, in columns of these names; then a commit costs only what it touches
 * @param key columns that name a document
 * @param order of several rows with one key, the greatest of this column is the document; then, and
 *     without it, the latest by lineage
 * @param text what is embedded: {@code {description} sold in {countries}}
 * @param metadata columns shown with each hit, and to filter on
 * @param lineage the column with the Bronze record's id; default {@code lineage_id} where there is
 *     one
 * @param language of the texts, by code or English name: how keyword search knows their words
 */
public record VectorSpec(
    String namespace,
    String description,
    String source,
    String sql,
    Boolean incremental,
    List<String> key,
    String order,
    String text,
    List<String> metadata,
    String lineage,
    Chunking chunking,
    String embedder,
    String language) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final String KEY_SEPARATOR = "|";

  public VectorSpec {
    check(namespace != null, "namespace is missing");
    check(
        NAMESPACE.matcher(namespace).matches(),
        "Invalid namespace: " + namespace + " (must match " + NAMESPACE + ")");
    check((source == null) != (sql == null), "either source or sql must be given");
    check(source == null || source.contains("."), "Invalid source: " + source + " (layer.name)");
    check(key != null && !key.isEmpty(), "key is missing");
    check(text != null, "text is missing");
    incremental = requireNonNullElse(incremental, source != null);
    key = List.copyOf(key);
    metadata = metadata == null ? List.of() : List.copyOf(metadata);
    chunking = requireNonNullElse(chunking, Chunking.DEFAULT);
    embedder = requireNonNullElse(embedder, "minilm");
    language = requireNonNullElse(language, Language.DEFAULT);
    check(Language.named(language).isPresent(), Language.unknown(language));
    new Template(text);
  }

  private static void check(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }

  Template template() {
    return new Template(text);
  }

  /** The SELECT whose rows are the documents. */
  String select() {
    return sql == null ? "SELECT * FROM " + TableName.of(source) : sql;
  }

  /** The columns that {@link #select} must have. */
  Set<String> columns() {
    var columns = new LinkedHashSet<>(key);
    columns.addAll(template().columns());
    columns.addAll(metadata);
    if (order != null) {
      columns.add(order);
    }
    if (lineage != null) {
      columns.add(lineage);
    }
    return columns;
  }

  /** The id of a document, as an SQL expression over its key columns; null where one is. */
  public String idExpression() {
    if (key.size() == 1) {
      return "CAST(" + Sql.name(key.getFirst()) + " AS VARCHAR)";
    }
    return key.stream()
        .map(column -> "CAST(" + Sql.name(column) + " AS VARCHAR)")
        .map(part -> "replace(replace(" + part + ", '\\', '\\\\'), '|', '\\|')")
        .reduce((all, part) -> all + " || '" + KEY_SEPARATOR + "' || " + part)
        .orElseThrow();
  }

  public Language spoken() {
    return Language.named(language).orElseThrow();
  }

  /** Changes whenever documents, or the words of their texts, may. */
  String fingerprint() {
    String made = this + spoken().fingerprint();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(made.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
