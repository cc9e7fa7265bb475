package dev.lode.tables;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lode.codecs.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.RESTRequest;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;

/** What crosses the wire of the REST catalog, its ErrorModel included. */
final class RestJson {
  private static final System.Logger LOG = System.getLogger(RestJson.class.getName());

  /** As Iceberg's own, which is not public. */
  private static final ObjectMapper JSON = mapper();

  private RestJson() {}

  private static ObjectMapper mapper() {
    var mapper =
        JsonMapper.builder()
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .build();
    RESTSerializers.registerAll(mapper);
    return mapper;
  }

  static <T extends RESTRequest> T read(Bytes body, Class<T> type) {
    try {
      return JSON.readValue(body.array(), type);
    } catch (JsonProcessingException e) {
      throw new BadRequestException(
          e, "Invalid %s: %s", type.getSimpleName(), e.getOriginalMessage());
    } catch (IOException | RuntimeException e) {
      throw new BadRequestException(e, "Invalid %s: %s", type.getSimpleName(), e.getMessage());
    }
  }

  static Bytes write(RESTResponse response) {
    try {
      return Bytes.of(JSON.writeValueAsBytes(response));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write " + response.getClass(), e);
    }
  }

  /** As the protocol says; 500 also means that nobody knows whether a commit went through. */
  static int status(RuntimeException e) {
    return switch (e) {
      case ForbiddenException _ -> 403;
      case NoSuchNamespaceException _ -> 404;
      case NoSuchTableException _ -> 404;
      case NoSuchViewException _ -> 404;
      case NotFoundException _ -> 404;
      case UnsupportedOperationException _ -> 406;
      case AlreadyExistsException _ -> 409;
      case CommitFailedException _ -> 409;
      case NamespaceNotEmptyException _ -> 409;
      case UnprocessableEntityException _ -> 422;
      case ServiceUnavailableException _ -> 503;
      case BadRequestException _ -> 400;
      case IllegalArgumentException _ -> 400;
      case ValidationException _ -> 400;
      default -> 500;
    };
  }

  static Bytes error(RuntimeException e, int status) {
    if (status == 500) {
      LOG.log(System.Logger.Level.ERROR, "Cannot answer catalog.call", e);
    }
    return Bytes.utf8(
        ErrorResponseParser.toJson(
            ErrorResponse.builder()
                .responseCode(status)
                .withType(e.getClass().getSimpleName())
                .withMessage(e.getMessage())
                .build()));
  }
}
