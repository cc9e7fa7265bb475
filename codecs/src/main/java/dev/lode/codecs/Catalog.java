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
   * @param headers those that an answer depends on, by name in lower case: {@code if-none-match}
   *     and {@code accept-encoding}
   * @param body JSON; empty where none came
   */
  record Call(
      String tenantId,
      String method,
      String path,
      Map<String, String> parameters,
      Map<String, String> headers,
      Bytes body)
      implements Catalog {
    public Call {
      parameters = Map.copyOf(parameters);
      headers = Map.copyOf(headers);
    }
  }

  /**
   * JSON as the protocol says, its ErrorModel where {@code status} is not 2xx; empty for 204 and
   * 304.
   *
   * @param headers beside the type of the body
   */
  record Answer(String tenantId, int status, Map<String, String> headers, Bytes body)
      implements Catalog {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }
}
