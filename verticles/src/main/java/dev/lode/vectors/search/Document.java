package dev.lode.vectors.search;

import dev.lode.codecs.Values;
import dev.lode.vectors.text.Unit;
import java.util.List;
import java.util.Map;

/**
 * What a store keeps of one source row.
 *
 * @param key of the row; a document of one chunk has it as its id, else {@code key#n} from 1
 * @param contentHash of all that is searched and shown; equal hash, nothing to do
 * @param lineageId of the Bronze record it was last made from; null where the source has none
 * @param text all of it: its chunks may overlap
 * @param metadata JSON values
 * @param filters the same as typed values, lists where there are many, absent where null
 */
public record Document(
    String key,
    String contentHash,
    String lineageId,
    String text,
    Map<String, Object> metadata,
    Map<String, List<Object>> filters,
    List<Chunk> chunks) {
  public Document {
    metadata = Values.copy(metadata);
    filters = Map.copyOf(filters);
    chunks = List.copyOf(chunks);
  }

  /**
   * A piece of the text and its vector of length one.
   *
   * @param textHash finds the vector again, so that the same text is embedded once
   */
  public record Chunk(String text, String textHash, Unit vector) {}

  public String id(int chunk) {
    return chunks.size() == 1 ? key : key + "#" + (chunk + 1);
  }
}
