package dev.lode.http;

import dev.lode.codecs.CallContext;
import dev.lode.openapi.Operation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * One request that was let in and found right, and the way to answer it.
 *
 * @param principal null where the operation is open to all
 * @param parameters by name, as the contract types them
 * @param body the checked JSON object; empty where there is none
 */
record Exchange(
    RoutingContext route,
    Operation operation,
    Principal principal,
    CallContext call,
    Map<String, Object> parameters,
    Map<String, Object> body) {
  private static final String JSON = "application/json";

  HttpServerRequest request() {
    return route.request();
  }

  String tenant() {
    return principal.tenant();
  }

  String parameter(String name) {
    return (String) parameters.get(name);
  }

  /** Answers 200 with what comes, or the problem. */
  void answer(Future<?> coming) {
    coming.onSuccess(value -> answer(200, value)).onFailure(this::fail);
  }

  /** {@code value}: JSON values or records of them. */
  void answer(int status, Object value) {
    answer(status, JSON, StrictJson.write(value));
  }

  void answer(int status, String mediaType, Buffer body) {
    HttpServerResponse response = route.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
    if (request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  void fail(Throwable cause) {
    route.fail(cause);
  }
}
