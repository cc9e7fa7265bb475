package dev.lode.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** The reference page: Swagger UI from the class path, nothing from elsewhere. */
final class Docs {
  private static final String VERSION = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String ASSETS = "META-INF/resources/webjars/swagger-ui/";
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "swagger-ui.css", "text/css; charset=utf-8",
          "favicon-32x32.png", "image/png");
  private static final String SAME_ORIGIN =
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

  private Docs() {}

  static void page(Exchange exchange) {
    exchange
        .route()
        .response()
        .putHeader("Content-Security-Policy", SAME_ORIGIN)
        .putHeader("X-Content-Type-Options", "nosniff");
    exchange.answer(200, "text/html; charset=utf-8", read("dev/lode/http/docs.html"));
  }

  /** What the page needs. */
  static void mount(Router router) {
    String folder = ASSETS + version() + "/";
    MEDIA_TYPES.forEach(
        (name, type) -> router.get("/docs/" + name).handler(r -> send(r, type, folder + name)));
    router
        .get("/docs/start.js")
        .handler(r -> send(r, "text/javascript; charset=utf-8", "dev/lode/http/docs.js"));
  }

  private static void send(RoutingContext route, String type, String resource) {
    route
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600")
        .end(read(resource));
  }

  private static String version() {
    try (InputStream file = open(VERSION)) {
      var properties = new Properties();
      properties.load(file);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + VERSION, e);
    }
  }

  private static Buffer read(String resource) {
    try (InputStream file = open(resource)) {
      return Buffer.buffer(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream file = Docs.class.getClassLoader().getResourceAsStream(resource);
    if (file == null) {
      throw new IOException("it is not on the class path");
    }
    return file;
  }
}
