package dev.lode.vectors;

import dev.lode.codecs.Column;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a specification as documents, one per key: {@code _key, _text, _lineage_id, _hash},
 * and the metadata in order. Equal hash, equal document; lineage alone is no change.
 *
 * @param columns what the specification's SELECT gives
 */
record DocumentSql(VectorSpec spec, List<Column> columns) {
  private static final String LINEAGE = "lineage_id";

  DocumentSql {
    columns = List.copyOf(columns);
    List<String> names = columns.stream().map(Column::name).toList();
    for (String wanted : spec.columns()) {
      if (!names.contains(wanted)) {
        throw new Failure(
            ErrorCode.INVALID_CONFIG,
            "Cannot make vectors of %s: no column %s in its rows%s"
                .formatted(
                    spec.namespace(),
                    wanted,
                    Nearest.to(wanted, names)
                        .map(near -> " (did you mean " + near + "?)")
                        .orElse(" (there are: " + String.join(", ", names) + ")")));
      }
    }
  }

  /**
   * @param rows a SELECT of the specification's rows
   */
  String select(String rows) {
    return """
        SELECT _key, _text, _lineage_id,
          md5(concat_ws(chr(31), %s, _text, CAST(to_json(struct_pack(_key%s)) AS VARCHAR)))
            AS _hash%s
        FROM (
          SELECT *, %s AS _key, %s AS _text, CAST(%s AS VARCHAR) AS _lineage_id
          FROM (%s
          ) AS lode_rows
          WHERE %s)
        WHERE _key IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY _key ORDER BY %s) = 1"""
        .formatted(
            Sql.text(spec.fingerprint()),
            metadata(),
            metadata(),
            spec.idExpression(),
            spec.template().sql(),
            lineage(),
            rows.strip().replaceAll(";\\s*$", ""),
            spec.template().saysSomething(),
            latest());
  }

  private String metadata() {
    return spec.metadata().stream()
        .map(name -> ", " + Sql.name(name))
        .collect(Collectors.joining());
  }

  private String lineage() {
    if (spec.lineage() != null) {
      return Sql.name(spec.lineage());
    }
    boolean is = columns.stream().anyMatch(column -> column.name().equals(LINEAGE));
    return is ? Sql.name(LINEAGE) : "NULL";
  }

  private String latest() {
    String first = spec.order() == null ? "" : Sql.name(spec.order()) + " DESC NULLS LAST, ";
    return first + "_lineage_id DESC NULLS LAST, _text";
  }

  String type(String column) {
    return columns.stream()
        .filter(known -> known.name().equals(column))
        .findFirst()
        .orElseThrow()
        .type();
  }
}
