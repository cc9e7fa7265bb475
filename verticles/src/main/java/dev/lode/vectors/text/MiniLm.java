package dev.lode.vectors.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * all-MiniLM-L6-v2, quantized, in process: 384 dimensions, 256 tokens. Texts run one by one,
 * because the model scales its activations over the whole batch: neighbours would change a text's
 * vector. The model is LangChain4j's, its encoder is not: that cuts every text at 128 tokens.
 */
public final class MiniLm implements Embedder {
  private static final int DIMENSION = 384;
  static final String ID = "minilm";
  static final int TOKENS_MAX = 256;

  private final ExecutorService threads;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession model;

  private MiniLm(ExecutorService threads, HuggingFaceTokenizer tokenizer) throws OrtException {
    this.threads = threads;
    this.tokenizer = tokenizer;
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    this.model = environment.createSession(resource("/all-minilm-l6-v2-q.onnx"), options);
  }

  /**
   * Loads the model; takes half a second.
   *
   * @param natives a folder for the tokenizer's native library
   */
  public static MiniLm load(int threads, Path natives) {
    // The tokenizer's library would else ask the network where it runs, and write to the home.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("DJL_CACHE_DIR", natives.toString());
    try (InputStream vocabulary =
        MiniLm.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      var whole = Map.of("padding", "false", "truncation", "false");
      var workers =
          Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("embed-", 0).factory());
      return new MiniLm(workers, HuggingFaceTokenizer.newInstance(vocabulary, whole));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the tokenizer of MiniLM", e);
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot load MiniLM", e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = MiniLm.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public int tokensMax() {
    return TOKENS_MAX;
  }

  @Override
  public int tokens(String text) {
    return encode(text).getIds().length;
  }

  private Encoding encode(String text) {
    return tokenizer.encode(text, true, false);
  }

  @Override
  public List<Unit> embed(List<String> texts) {
    if (texts.size() <= 1) {
      return texts.stream().map(this::embed).toList();
    }
    try {
      List<Callable<Unit>> tasks =
          texts.stream().map(text -> (Callable<Unit>) () -> embed(text)).toList();
      return threads.invokeAll(tasks).stream().map(MiniLm::result).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ErrorCode.BACKEND_DOWN, "Cannot embed texts: interrupted");
    }
  }

  private static Unit result(Future<Unit> done) {
    try {
      return done.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("Cannot embed a text", e);
    }
  }

  /** What the model cannot read of a longer text is cut off: see {@link #tokensMax}. */
  private Unit embed(String text) {
    long[] ids = encode(text).getIds();
    int length = Math.min(ids.length, TOKENS_MAX);
    ids[length - 1] = ids[ids.length - 1];
    long[] ones = new long[length];
    java.util.Arrays.fill(ones, 1);
    try (OnnxTensor tokens = tensor(java.util.Arrays.copyOf(ids, length));
        OnnxTensor mask = tensor(ones);
        OnnxTensor types = tensor(new long[length]);
        OrtSession.Result result =
            model.run(
                Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
      return Unit.of(mean(((OnnxTensor) result.get(0)).getFloatBuffer(), length));
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot embed a text of " + text.length() + " characters", e);
    }
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  private static float[] mean(FloatBuffer states, int length) {
    float[] mean = new float[DIMENSION];
    for (int at = 0; at < length * DIMENSION; at++) {
      mean[at % DIMENSION] += states.get(at) / length;
    }
    return mean;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      model.close();
      tokenizer.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close MiniLM", e);
    }
  }
}
