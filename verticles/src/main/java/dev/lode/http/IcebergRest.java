package dev.lode.http;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.Catalog;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Iceberg's REST protocol at the edge. Its clients read no RFC 9457 problem: below its path every
 * error has the shape of the protocol's ErrorModel.
 */
final class IcebergRest {
  private static final String PATH = "/iceberg/";
  static final String JSON = "application/json";

  /** What an answer depends on. */
  private static final List<String> ASKED = List.of("if-none-match", "accept-encoding");

  /** What clients tell apart beyond the status. */
  private static final Map<Integer, String> TYPES =
      Map.of(
          400, "BadRequestException",
          401, "NotAuthorizedException",
          403, "ForbiddenException",
          503, "ServiceUnavailableException");

  private IcebergRest() {}

  static boolean serves(HttpServerRequest request) {
    return request.path() != null && (request.path() + "/").startsWith(PATH);
  }

  static Catalog.Call call(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    var parameters = new HashMap<String, String>();
    request.params().forEach(parameters::putIfAbsent);
    var headers = new HashMap<String, String>();
    for (String name : ASKED) {
      if (request.getHeader(name) != null) {
        headers.put(name, request.getHeader(name));
      }
    }
    Buffer body = exchange.operation().body() == null ? null : exchange.route().body().buffer();
    return new Catalog.Call(
        exchange.tenant(),
        request.method().name(),
        (request.path() + "/").equals(PATH) ? "" : request.path().substring(PATH.length()),
        parameters,
        headers,
        Bytes.of(body == null ? new byte[0] : body.getBytes()));
  }

  static void answer(Exchange exchange, Catalog.Answer answer) {
    answer.headers().forEach(exchange.route().response()::putHeader);
    exchange.answer(answer.status(), JSON, Buffer.buffer(answer.body().array()));
  }

  /** The ErrorModel: one message holds what went wrong and what to do. */
  static Map<String, Object> error(Problem problem) {
    return Map.of(
        "error",
        Map.of(
            "message",
            problem.detail() + ". " + problem.hint(),
            "type",
            TYPES.getOrDefault(problem.status(), problem.code().name()),
            "code",
            problem.status()));
  }
}
