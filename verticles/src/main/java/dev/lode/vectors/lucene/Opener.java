package dev.lode.vectors.lucene;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.vectors.analysis.Analysis;
import dev.lode.vectors.analysis.Language;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Opens indexes. One that cannot be read is emptied: it is made again from its table. */
final class Opener {
  private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

  /** Neighbours of a node, and how widely they are sought: what recall above 0.99 takes. */
  private static final int GRAPH_LINKS = 32;

  private static final int GRAPH_BEAM = 200;

  private final LuceneIndexes.Options options;
  private final Neighbours neighbours;

  Opener(LuceneIndexes.Options options) {
    this.options = options;
    this.neighbours = new Neighbours(options.planner(), new CodesCache(options.codesBytesMax()));
  }

  LuceneIndex open(Path path, Language language) {
    try {
      try {
        return openAsItIs(path, language);
      } catch (CorruptIndexException
          | IndexFormatTooOldException
          | IndexFormatTooNewException
          | NoSuchFileException e) {
        LOG.warn("Cannot read the vector index " + path + ": it is made again", e);
        empty(path);
        return openAsItIs(path, language);
      }
    } catch (LockObtainFailedException e) {
      throw new Failure(
          ErrorCode.BACKEND_DOWN,
          "Cannot open the vector index " + path + ": another process has it open",
          "Stop the other process, or give this one a data directory of its own.");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the vector index " + path, e);
    }
  }

  private static void empty(Path path) throws IOException {
    try (var directory = FSDirectory.open(path);
        var lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      for (String file : directory.listAll()) {
        lock.ensureValid();
        if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
          directory.deleteFile(file);
        }
      }
    }
  }

  private LuceneIndex openAsItIs(Path path, Language language) throws IOException {
    var words = new Words(Analysis.of(language));
    var merges = new ConcurrentMergeScheduler();
    merges.setMaxMergesAndThreads(4, 1);
    var config =
        new IndexWriterConfig(words.analysis())
            .setSimilarity(Words.BM25)
            .setRAMBufferSizeMB(options.bufferMegabytes())
            .setMergeScheduler(merges)
            .setCodec(new GraphCodec(options.planner().scanMax()));
    var directory = FSDirectory.open(path);
    IndexWriter writer = null;
    try {
      writer = new IndexWriter(directory, config);
      return new LuceneIndex(writer, neighbours, words, options.fusionDepth());
    } catch (IOException | RuntimeException e) {
      if (writer != null) {
        writer.rollback();
      }
      directory.close();
      throw e;
    }
  }

  /** Segments that are scanned anyway do without a graph: building one costs a second per 1000. */
  private static final class GraphCodec extends Lucene104Codec {
    private final KnnVectorsFormat vectors;

    GraphCodec(int scanMax) {
      int visits = (int) (scanMax / Math.log(Math.max(2, scanMax)));
      this.vectors =
          new Lucene104HnswScalarQuantizedVectorsFormat(
              ScalarEncoding.UNSIGNED_BYTE, GRAPH_LINKS, GRAPH_BEAM, 1, null, visits);
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return vectors;
    }
  }
}
