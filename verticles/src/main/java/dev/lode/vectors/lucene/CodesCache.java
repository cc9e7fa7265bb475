package dev.lode.vectors.lucene;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;

/** The codes of all open segments, within a limit of memory. Thread-safe. */
final class CodesCache {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();
  private final Map<IndexReader.CacheKey, Codes> codes = new ConcurrentHashMap<>();

  CodesCache(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Made at the first call for a segment; null where there is no room. */
  Codes of(LeafReader segment, FloatVectorValues vectors) throws IOException {
    IndexReader.CacheHelper core = segment.getCoreCacheHelper();
    Codes known = codes.get(core.getKey());
    return known == null ? make(core, vectors) : known;
  }

  private synchronized Codes make(IndexReader.CacheHelper core, FloatVectorValues vectors)
      throws IOException {
    Codes known = codes.get(core.getKey());
    long size = Codes.bytes(vectors.dimension(), vectors.size());
    if (known != null || bytes.get() + size > bytesMax) {
      return known;
    }
    Codes made = Codes.of(vectors);
    bytes.addAndGet(size);
    codes.put(core.getKey(), made);
    core.addClosedListener(
        key -> {
          codes.remove(key);
          bytes.addAndGet(-size);
        });
    return made;
  }
}
