package dev.lode.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.function.Consumer;

/**
 * Refuses requests of which two readers might see different ends (RFC 9112, 2.2, 3.2, 5.2 and 6),
 * where Netty mends them or goes on: what follows such a head is never read as a request. Takes the
 * place of Vert.x's own decoder, which has no option for that.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private static final String NAME = "httpDecoder";

  private final Consumer<Throwable> broken;
  private boolean head = true;
  private boolean named;
  private boolean folded;

  private StrictDecoder(HttpServerOptions options, Consumer<Throwable> broken) {
    super(options);
    this.broken = broken;
  }

  /**
   * @param broken told of a body whose framing is wrong; nothing more is read then
   */
  static void install(
      HttpConnection connection, HttpServerOptions options, Consumer<Throwable> broken) {
    ((HttpServerConnection) connection)
        .channelHandlerContext()
        .pipeline()
        .replace(NAME, NAME, new StrictDecoder(options, broken));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (head) {
      folded |= isFolded(in);
    }
    int before = out.size();
    super.decode(context, in, out);
    for (int i = out.size() - 1; i >= before; i--) {
      if (out.get(i) instanceof HttpContent content && !(content instanceof HttpMessage)) {
        ended(content, out, i);
      }
    }
  }

  private void ended(HttpContent content, List<Object> out, int i) {
    if (content.decoderResult().isFailure()) {
      out.remove(i);
      broken.accept(content.decoderResult().cause());
      content.release();
    } else if (content instanceof LastHttpContent) {
      head = true;
      named = false;
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    named = true;
    return super.createMessage(initialLine);
  }

  /** Netty asks this once the head is read: the moment to look at it as a whole. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    head = false;
    String fault = folded ? "a header is folded over lines" : fault(message);
    if (fault != null) {
      throw new IllegalArgumentException(fault);
    }
    return super.isContentAlwaysEmpty(message);
  }

  private static String fault(HttpMessage message) {
    HttpHeaders headers = message.headers();
    boolean modern = message.protocolVersion().equals(HttpVersion.HTTP_1_1);
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (modern && hosts == 0)) {
      return hosts == 0 ? "Host is missing" : "there are " + hosts + " Hosts";
    }
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (encodings.isEmpty()) {
      return null;
    }
    if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return "there are a Content-Length and a Transfer-Encoding";
    }
    boolean chunked =
        modern
            && encodings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst().strip());
    return chunked ? null : "Transfer-Encoding must be chunked, once, in HTTP/1.1";
  }

  /** Of the lines that have come and are not yet read; each is looked at while it is there. */
  private boolean isFolded(ByteBuf in) {
    int end = in.writerIndex();
    int line = named ? in.readerIndex() : headers(in);
    while (line >= 0 && line < end) {
      byte first = in.getByte(line);
      if (first == ' ' || first == '\t') {
        return true;
      }
      if (first == '\n' || first == '\r') {
        return false;
      }
      int lineEnd = in.indexOf(line, end, (byte) '\n');
      line = lineEnd < 0 ? -1 : lineEnd + 1;
    }
    return false;
  }

  /** Where they begin: behind the request line, before which Netty skips blanks; -1 for not yet. */
  private static int headers(ByteBuf in) {
    int start = in.readerIndex();
    while (start < in.writerIndex() && in.getByte(start) >= 0 && in.getByte(start) <= ' ') {
      start++;
    }
    int lineEnd = in.indexOf(start, in.writerIndex(), (byte) '\n');
    return lineEnd < 0 ? -1 : lineEnd + 1;
  }
}
