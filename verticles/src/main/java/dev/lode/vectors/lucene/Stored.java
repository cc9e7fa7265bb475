package dev.lode.vectors.lucene;

import dev.lode.vectors.text.Unit;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;

/** What a writer asks of an index before it writes. */
final class Stored {

  private Stored() {}

  /** Content hashes by key; {@code keys} null for all. */
  static Map<String, String> contentHashes(IndexReader reader, Collection<String> keys)
      throws IOException {
    var hashes = new HashMap<String, String>();
    for (LeafReaderContext leaf : reader.leaves()) {
      if (keys == null) {
        add(leaf.reader(), DocIdSetIterator.all(leaf.reader().maxDoc()), hashes);
      } else {
        for (String key : keys) {
          add(leaf.reader(), postings(leaf, Fields.KEY, key), hashes);
        }
      }
    }
    return hashes;
  }

  private static DocIdSetIterator postings(LeafReaderContext leaf, String field, String value)
      throws IOException {
    PostingsEnum postings = leaf.reader().postings(new Term(field, value), PostingsEnum.NONE);
    return postings == null ? DocIdSetIterator.empty() : postings;
  }

  private static void add(LeafReader leaf, DocIdSetIterator docs, Map<String, String> hashes)
      throws IOException {
    Bits live = leaf.getLiveDocs();
    BinaryDocValues keys = DocValues.getBinary(leaf, Fields.KEY);
    BinaryDocValues contents = DocValues.getBinary(leaf, Fields.CONTENT_HASH);
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      if ((live == null || live.get(doc)) && keys.advanceExact(doc) && contents.advanceExact(doc)) {
        hashes.put(keys.binaryValue().utf8ToString(), contents.binaryValue().utf8ToString());
      }
    }
  }

  /** Null where no document has the text; deleted ones count, their vector is as good. */
  static Unit vector(IndexReader reader, String textHash, int dimension) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      int doc = postings(leaf, Fields.TEXT_HASH, textHash).nextDoc();
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Fields.vector(dimension));
      if (doc != DocIdSetIterator.NO_MORE_DOCS && vectors != null) {
        var documents = vectors.iterator();
        if (documents.advance(doc) == doc) {
          return Unit.stored(vectors.vectorValue(documents.index()).clone());
        }
      }
    }
    return null;
  }
}
