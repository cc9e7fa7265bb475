package dev.lode.vectors.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;

/** The ids of documents by their numbers in one reader. */
final class Ids {
  private final List<LeafReaderContext> leaves;

  Ids(List<LeafReaderContext> leaves) {
    this.leaves = leaves;
  }

  String of(int document) {
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    try {
      var ids = DocValues.getSorted(leaf.reader(), Fields.ID);
      if (!ids.advanceExact(document - leaf.docBase)) {
        throw new IllegalStateException("Document " + document + " has no id");
      }
      return ids.lookupOrd(ids.ordValue()).utf8ToString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an id", e);
    }
  }
}
