package dev.lode.http;

import dev.lode.codecs.CallContext;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import io.vertx.ext.web.RoutingContext;

/** Turns whatever went wrong, the framework's own included, into a problem. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_SECONDS = "1";
  private static final long LINGER_MILLIS = 2000;

  private Problems() {}

  static void answer(RoutingContext route) {
    answer(route, route.statusCode());
  }

  /** {@code status}: what the framework found, where no failure says better. */
  static void answer(RoutingContext route, int status) {
    CallContext call = Routes.call(route);
    Problem problem = problem(route, status, call);
    HttpServerResponse response = route.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      route.request().connection().close();
      return;
    }
    head(problem, response);
    boolean iceberg = IcebergRest.serves(route.request());
    if (iceberg) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, IcebergRest.JSON);
    }
    boolean unread = MediaType.hasBody(route.request()) && !route.request().isEnded();
    if (unread) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    String trace = call == null ? "" : call.traceId();
    var json = iceberg ? IcebergRest.error(problem) : problem.json(route.request().path(), trace);
    response.end(StrictJson.write(json));
    if (unread) {
      linger(route);
    }
  }

  /** For requests that are not to be read any further. */
  static void refuse(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      request.connection().close();
      return;
    }
    head(problem, response);
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    response
        .end(StrictJson.write(problem.json(String.valueOf(request.path()), "")))
        .onComplete(told -> request.connection().close());
  }

  /** For requests that never reached the router. */
  static void answerInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    String reason = cause == null ? "it is not HTTP" : String.valueOf(cause.getMessage());
    boolean tooLong = cause != null && cause.getClass().getSimpleName().startsWith("TooLong");
    var problem =
        new Problem(
            tooLong ? 431 : 400,
            tooLong ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.INVALID_REQUEST,
            "Cannot read the request: " + reason,
            "Send a well-formed HTTP request.");
    head(problem, request.response());
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    request.response().end(StrictJson.write(problem.json("/", "")));
    request.connection().close();
  }

  private static void head(Problem problem, HttpServerResponse response) {
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer realm=\"lode\"");
    }
    if (problem.passes()) {
      response.putHeader("Retry-After", RETRY_SECONDS);
    }
  }

  /** Whoever is still sending should read the answer before the connection goes. */
  private static void linger(RoutingContext route) {
    HttpServerRequest request = route.request();
    request.handler(rest -> {}).exceptionHandler(gone -> {}).resume();
    route.vertx().setTimer(LINGER_MILLIS, timer -> request.connection().close());
  }

  private static Problem problem(RoutingContext route, int status, CallContext call) {
    Throwable cause = route.failure();
    if (cause instanceof Failure failure) {
      return Problem.of(failure);
    }
    String request = route.request().method() + " " + route.request().path();
    return switch (status) {
      case 400 ->
          Problem.of(Failure.invalid("Cannot read the request: " + reason(cause, "malformed")));
      case 404 ->
          Problem.of(
              new Failure(
                  ErrorCode.NOT_FOUND,
                  "Cannot " + request + ": there is no such path",
                  "GET /openapi.yaml names every path; /docs shows them."));
      case 413 ->
          Problem.of(
              new Failure(
                  ErrorCode.LIMIT_EXCEEDED,
                  "Cannot " + request + ": the body is too large (http.request-body-max)"));
      case 414, 431 ->
          new Problem(
              status,
              ErrorCode.LIMIT_EXCEEDED,
              "Cannot " + request + ": address or headers are too long",
              ErrorCode.LIMIT_EXCEEDED.hint());
      case 500 -> {
        LOG.error("Cannot " + request + ", status " + status + ", " + call, cause);
        yield Problem.of(new Failure(ErrorCode.INTERNAL, "Cannot " + request + ": internal error"));
      }
      default ->
          new Problem(
              status,
              status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.BACKEND_DOWN,
              "Cannot "
                  + request
                  + ": "
                  + reason(cause, HttpResponseStatus.valueOf(status).reasonPhrase()),
              "Send what the contract at /openapi.yaml asks for.");
    };
  }

  private static String reason(Throwable cause, String absent) {
    return cause == null || cause.getMessage() == null ? absent : cause.getMessage();
  }
}
