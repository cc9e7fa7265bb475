package dev.lode.vectors.lucene;

import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.FieldType;
import java.util.HashMap;
import java.util.Map;

/** Checkpoints as the user data of a Lucene commit. */
final class Checkpoints {
  private static final String SPEC = "lode.spec";
  private static final String WATERMARK = "lode.watermark.";
  private static final String FIELD = "lode.field.";

  private Checkpoints() {}

  static Map<String, String> write(Checkpoint checkpoint) {
    var data = new HashMap<String, String>();
    data.put(SPEC, checkpoint.spec());
    checkpoint.snapshots().forEach((table, id) -> data.put(WATERMARK + table, Long.toString(id)));
    checkpoint.fields().forEach((name, type) -> data.put(FIELD + name, type.sql()));
    return data;
  }

  /**
   * @param data null where nothing was ever committed
   */
  static Checkpoint read(Iterable<Map.Entry<String, String>> data) {
    if (data == null) {
      return Checkpoint.NONE;
    }
    String spec = "";
    var snapshots = new HashMap<String, Long>();
    var fields = new HashMap<String, FieldType>();
    for (var entry : data) {
      String key = entry.getKey();
      if (key.equals(SPEC)) {
        spec = entry.getValue();
      } else if (key.startsWith(WATERMARK)) {
        snapshots.put(key.substring(WATERMARK.length()), Long.valueOf(entry.getValue()));
      } else if (key.startsWith(FIELD)) {
        String name = key.substring(FIELD.length());
        fields.put(name, FieldType.of(name, entry.getValue()));
      }
    }
    return new Checkpoint(spec, snapshots, fields);
  }
}
