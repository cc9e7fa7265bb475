package dev.lode.vectors.lucene;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.text.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;

/**
 * One index. Documents put are found after {@link #publish}, and kept after {@link #commit}: a
 * commit holds the documents and the checkpoint published last, so after a crash both are as they
 * were together. Commits are checkpoints, not acknowledgements: what a crash loses is made again.
 */
public final class LuceneIndex implements VectorIndex {
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final Words words;
  private final LuceneSearch search;
  private volatile Checkpoint checkpoint;

  LuceneIndex(IndexWriter writer, Neighbours neighbours, Words words, int fusionDepth)
      throws IOException {
    this.writer = requireNonNull(writer, "writer is null");
    this.words = requireNonNull(words, "words is null");
    this.search = new LuceneSearch(neighbours, words, fusionDepth);
    this.checkpoint = Checkpoints.read(writer.getLiveCommitData());
    this.searchers = new SearcherManager(writer, warming(neighbours));
  }

  /** Codes are made by whoever publishes, not by whoever searches first. */
  private static SearcherFactory warming(Neighbours neighbours) {
    return new SearcherFactory() {
      @Override
      public IndexSearcher newSearcher(IndexReader reader, IndexReader previous)
          throws IOException {
        neighbours.warm(reader);
        return new DocumentSearcher(reader);
      }
    };
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public long documents() {
    return searching(searcher -> (long) searcher.documents());
  }

  @Override
  public long vectors() {
    return searching(searcher -> (long) searcher.getIndexReader().numDocs());
  }

  @Override
  public Map<String, String> contentHashes(Collection<String> keys) {
    return searching(searcher -> Stored.contentHashes(searcher.getIndexReader(), keys));
  }

  @Override
  public Optional<Unit> vector(String textHash, int dimension) {
    return searching(
        searcher ->
            Optional.ofNullable(Stored.vector(searcher.getIndexReader(), textHash, dimension)));
  }

  @Override
  public List<Hit> search(Question question) {
    return searching(searcher -> search.hits(searcher, question, checkpoint.fields()));
  }

  @Override
  public void put(Collection<Document> documents, Map<String, FieldType> fields) {
    writing(
        () -> {
          for (Document document : documents) {
            Term key = new Term(Fields.KEY, document.key());
            writer.updateDocuments(key, Fields.chunks(document, fields, words));
          }
        });
  }

  @Override
  public void remove(Collection<String> keys) {
    Term[] terms = keys.stream().map(key -> new Term(Fields.KEY, key)).toArray(Term[]::new);
    writing(() -> writer.deleteDocuments(terms));
  }

  @Override
  public void publish(Checkpoint next) {
    writing(
        () -> {
          writer.setLiveCommitData(Checkpoints.write(next).entrySet());
          searchers.maybeRefreshBlocking();
          checkpoint = next;
        });
  }

  @Override
  public void commit() {
    writing(
        () -> {
          if (writer.hasUncommittedChanges()) {
            writer.commit();
          }
        });
  }

  /** Whether it can still be written: after a full disk it cannot, and must be opened again. */
  boolean isOpen() {
    return writer.isOpen();
  }

  /** Commits, if it can. */
  @Override
  public void close() {
    writing(
        () -> {
          searchers.close();
          writer.close();
          writer.getDirectory().close();
        });
  }

  private interface Reading<T> {
    T read(DocumentSearcher searcher) throws IOException;
  }

  private <T> T searching(Reading<T> reading) {
    try {
      var searcher = (DocumentSearcher) searchers.acquire();
      try {
        return reading.read(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the index in " + writer.getDirectory(), e);
    }
  }

  private interface Writing {
    void write() throws IOException;
  }

  private void writing(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the index in " + writer.getDirectory(), e);
    }
  }
}
