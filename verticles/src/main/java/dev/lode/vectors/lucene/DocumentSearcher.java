package dev.lode.vectors.lucene;

import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;

/** Searches what was published at one moment; knows how many documents that is. */
final class DocumentSearcher extends IndexSearcher {
  private volatile int documents = -1;

  DocumentSearcher(IndexReader reader) {
    super(reader);
    setSimilarity(Words.BM25);
  }

  /** Counted once: where some were removed, counting reads all. */
  int documents() throws IOException {
    if (documents < 0) {
      documents = count(new TermQuery(new Term(Fields.HEAD, "")));
    }
    return documents;
  }
}
