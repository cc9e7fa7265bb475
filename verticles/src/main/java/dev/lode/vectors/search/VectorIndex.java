package dev.lode.vectors.search;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.text.Unit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The documents of one namespace and tenant: an extension point. Readers see what was last {@link
 * #publish published}, whole; {@link #commit} makes it outlast a crash, documents and checkpoint
 * together. Reads are thread-safe; there is one writer.
 */
public interface VectorIndex extends AutoCloseable {

  /** What is published. */
  Checkpoint checkpoint();

  /** Documents published, each once however many chunks it has. */
  long documents();

  /** Vectors published: one per chunk. */
  long vectors();

  /** Content hashes by key: of {@code keys}, or of all where that is null. */
  Map<String, String> contentHashes(Collection<String> keys);

  /** The vector of a text that some document has. */
  Optional<Unit> vector(String textHash, int dimension);

  /** Puts each document in the place of the one of its key. */
  void put(Collection<Document> documents, Map<String, FieldType> fields);

  void remove(Collection<String> keys);

  /** Shows all that was put and removed, and that it is {@code checkpoint}. */
  void publish(Checkpoint checkpoint);

  void commit();

  /** The best min(topK, matches), best first, ties by id. */
  List<Hit> search(Question question);

  @Override
  void close();
}
