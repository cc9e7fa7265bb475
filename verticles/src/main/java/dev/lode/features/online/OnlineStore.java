package dev.lode.features.online;

import io.vertx.core.Future;
import java.util.List;

/**
 * Where the newest values are kept for reading. Writes come from a view's one owner and may wait;
 * reads come from anywhere and must not. Thread-safe. In memory here; another store is another
 * implementation.
 */
public interface OnlineStore {

  /** One tenant's entity of one view; the key's values are typed as the view declares. */
  record Entity(String view, String tenantId, List<Object> key) {}

  /** Adds a row: in any order, any number of times. */
  void put(Entity entity, OnlineRow row, long nowMicros);

  /** Makes these all that is known of an entity: for entities of which a row was deleted. */
  void replace(Entity entity, List<OnlineRow> rows, long nowMicros);

  /** Forgets a view, before it is built again. */
  void clear(String view);

  /**
   * The rows that answer at {@code nowMicros}, in the order asked; null where an entity has none,
   * or where a key is null.
   */
  Future<List<OnlineRow>> find(
      String view, String tenantId, List<List<Object>> keys, long nowMicros);

  /** Of all tenants. */
  Size size(String view);

  Size size(String view, String tenantId);

  record Size(long entities, long rows) {}
}
