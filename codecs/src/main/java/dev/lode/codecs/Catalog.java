package dev.lode.codecs;

import java.util.Map;

/** Iceberg's REST catalog protocol, for engines that nobody here wrote. */
public sealed interface Catalog extends Message {
  Address<Call, Answer> CALL = new Address<>("catalog.call", Call.class, Answer.class);

  /**
   * One request. It sees the rows of every tenant: {@code tenantId} is only whoever asks.
   *
   * @param path below {@code /iceberg/}, as it came: {@code v1/namespaces/silver/tables}
   * @param parameters of the query, decoded
   * @param body JSON; empty where none came
   */
  record Call(
      String tenantId, String method, String path, Map<String, String> parameters, Bytes body)
      implements Catalog {
    public Call {
      parameters = Map.copyOf(parameters);
    }
  }

  /** JSON as the protocol says, its ErrorModel where {@code status} is not 2xx; empty for 204. */
  record Answer(String tenantId, int status, Bytes body) implements Catalog {}
}
