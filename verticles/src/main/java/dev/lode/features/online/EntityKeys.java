package dev.lode.features.online;

import dev.lode.codecs.Failure;
import dev.lode.features.spec.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the typed key of an entity out of what a caller calls it. */
public final class EntityKeys {
  /** Stands for the only key of a view, whatever its name. */
  public static final String GENERIC = "entity_id";

  private EntityKeys() {}

  /**
   * Refuses an entity without a key of one of {@code views} that is called something else: what it
   * names is a key of none of them, or it names nothing. An entity may have the keys of some alone.
   */
  static void require(List<View> views, Map<String, Object> entity, String place) {
    boolean isKnown = !entity.isEmpty() && keys(views).containsAll(entity.keySet());
    for (View view : views) {
      boolean isNamed =
          entity.keySet().containsAll(view.keyNames())
              || (view.keys().size() == 1 && entity.containsKey(GENERIC));
      if (!isNamed && !isKnown) {
        throw Failure.invalid(
            "Cannot read %s of %s: its key is %s, but that entity has %s"
                .formatted(
                    view.name(),
                    place,
                    String.join(", ", view.keyNames()),
                    entity.isEmpty() ? "none" : String.join(", ", entity.keySet())));
      }
    }
  }

  private static Set<String> keys(List<View> views) {
    var keys = new HashSet<String>();
    for (View view : views) {
      keys.addAll(view.keyNames());
      if (view.keys().size() == 1) {
        keys.add(GENERIC);
      }
    }
    return keys;
  }

  /** Null where a part is missing or null; {@code place} is for the error: {@code entity 3}. */
  public static List<Object> of(View view, Map<String, Object> entity, String place) {
    if (view.keys().size() == 1) {
      Object only = part(view.keys().getFirst(), entity, place, true);
      return only == null ? null : List.of(only);
    }
    var key = new ArrayList<>(view.keys().size());
    for (View.Key part : view.keys()) {
      Object value = part(part, entity, place, false);
      if (value == null) {
        return null;
      }
      key.add(value);
    }
    return Collections.unmodifiableList(key);
  }

  /** One typed part; null where it is missing or null. */
  public static Object part(View.Key key, Map<String, Object> entity, String place, boolean only) {
    Object value = entity.get(key.name());
    if (value == null && only) {
      value = entity.get(GENERIC);
    }
    try {
      return key.type().convert(value);
    } catch (IllegalArgumentException e) {
      throw Failure.invalid(
          "Invalid %s in %s: %s %s".formatted(key.name(), place, shown(value), e.getMessage()));
    }
  }

  private static String shown(Object value) {
    return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
  }
}
