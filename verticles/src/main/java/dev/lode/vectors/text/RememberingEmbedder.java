package dev.lode.vectors.text;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks another embedder, and remembers the latest answers by the hash of the text. */
public final class RememberingEmbedder implements Embedder {
  private final Embedder embedder;
  private final Map<String, Unit> remembered;

  /**
   * @param textsMax remembered at once; the one unused longest goes first
   */
  public RememberingEmbedder(Embedder embedder, int textsMax) {
    this.embedder = requireNonNull(embedder, "embedder is null");
    this.remembered =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Unit> eldest) {
            return size() > textsMax;
          }
        };
  }

  @Override
  public String id() {
    return embedder.id();
  }

  @Override
  public int dimension() {
    return embedder.dimension();
  }

  @Override
  public int tokensMax() {
    return embedder.tokensMax();
  }

  @Override
  public int tokens(String text) {
    return embedder.tokens(text);
  }

  @Override
  public List<Unit> embed(List<String> texts) {
    var vectors = new LinkedHashMap<String, Unit>();
    var unknown = new LinkedHashMap<String, String>();
    for (String text : texts) {
      String hash = TextHash.of(this, text);
      Unit vector = recall(hash);
      if (vector == null) {
        unknown.put(hash, text);
      }
      vectors.put(hash, vector);
    }
    List<Unit> fresh = embedder.embed(List.copyOf(unknown.values()));
    int i = 0;
    for (String hash : unknown.keySet()) {
      vectors.put(hash, fresh.get(i));
      remember(hash, fresh.get(i++));
    }
    var inOrder = new ArrayList<Unit>(texts.size());
    texts.forEach(text -> inOrder.add(vectors.get(TextHash.of(this, text))));
    return inOrder;
  }

  private Unit recall(String hash) {
    synchronized (remembered) {
      return remembered.get(hash);
    }
  }

  private void remember(String hash, Unit vector) {
    synchronized (remembered) {
      remembered.put(hash, vector);
    }
  }

  @Override
  public void close() {
    embedder.close();
  }
}
