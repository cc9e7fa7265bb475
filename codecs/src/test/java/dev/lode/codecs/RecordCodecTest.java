package dev.lode.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
  private static final CBORMapper CBOR = new CBORMapper();
  private static final int SAMPLES = 200;

  static List<Class<?>> messages() {
    return Bus.messages();
  }

  @Test
  void findsEveryMessageOfEveryOwner() {
    assertThat(messages())
        .hasSizeGreaterThan(25)
        .contains(Bronze.Append.class, Vectors.Search.class, Status.Report.class)
        .allMatch(Class::isRecord);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void returnsEveryMessageUnchangedFromTheWire(Class<?> type) {
    for (int seed = 0; seed < SAMPLES; seed++) {
      Object sent = new Samples(seed).record(type);
      assertThat(roundTrip(sent)).as("seed %d", seed).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void returnsNullWhereTheMessageAllowsIt(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      Object[] arguments = new Samples(i).arguments(type);
      arguments[i] = null;
      if (!components[i].getType().isPrimitive() && allowed(type, arguments)) {
        Object sent = Samples.construct(type, arguments);
        assertThat(roundTrip(sent)).as(components[i].getName()).isEqualTo(sent);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsWhatAnOlderOrNewerPeerSends(Class<?> type) throws IOException {
    Object sent = new Samples(1).record(type);
    for (RecordComponent component : type.getRecordComponents()) {
      Map<String, Object> fields = fields(sent);
      fields.remove(component.getName());
      fields.put("added_by_a_newer_peer", List.of(Map.of("a", 1)));
      assertThat(decode(type, CBOR.writeValueAsBytes(fields)))
          .as("without %s", component.getName())
          .isInstanceOf(type);
    }
  }

  @Test
  void readsAMissingFieldAsNullZeroOrEmpty() throws IOException {
    byte[] body = CBOR.writeValueAsBytes(Map.of("tenantId", "acme", "later", true));
    assertThat(decode(Bronze.Append.class, body))
        .isEqualTo(new Bronze.Append("acme", null, null, null, null, null, List.of()));
    assertThat(decode(Vectors.Search.class, body))
        .isEqualTo(new Vectors.Search("acme", null, null, null, 0, Map.of(), null, null, null));
  }

  @Test
  void refusesAnUnknownWireVersion() {
    Buffer wire = Buffer.buffer().appendByte((byte) 9).appendInt(0);
    assertThatThrownBy(() -> new RecordCodec<>(Bronze.Append.class).decodeFromWire(0, wire))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot decode dev.lode.codecs.Bronze$Append: wire version 9 (known: 1)");
  }

  @Test
  void saysWhatCannotBeDecoded() {
    byte[] body = {(byte) 0x61};
    assertThatThrownBy(() -> decode(Bronze.Append.class, body))
        .hasMessage("Cannot decode dev.lode.codecs.Bronze$Append");
  }

  @Test
  void carriesAFailureWithItsCodeAndHint() {
    var failure = new Failure(ErrorCode.OWNER_BUSY, "Cannot append: busy", "Wait 5 s.");
    assertThat(wire(new FailureCodec(), failure))
        .isInstanceOfSatisfying(
            Failure.class,
            read -> {
              assertThat(read.code()).isEqualTo(ErrorCode.OWNER_BUSY);
              assertThat(read.hint()).isEqualTo("Wait 5 s.");
            })
        .hasMessage("Cannot append: busy");
  }

  @Test
  void readsAFailureOfANewerPeerAsInternal() throws IOException {
    byte[] body = CBOR.writeValueAsBytes(Map.of("number", 4711, "message", "Cannot fly"));
    assertThat(new FailureCodec().decodeFromWire(0, framed(body)))
        .hasMessage("Cannot fly")
        .returns(ErrorCode.INTERNAL, Failure::code);
  }

  @Test
  void passesByReferenceInsideTheJvm() {
    var sent = new Bronze.Appended("acme", "bronze.t", 1, 2, 3);
    assertThat(new RecordCodec<>(Bronze.Appended.class).transform(sent)).isSameAs(sent);
  }

  @Test
  void copiesItsListsAndMaps() {
    var records = new java.util.ArrayList<Bronze.Raw>();
    var append = new Bronze.Append("t", "s", "e", new UUID(0, 1), "ndjson", null, records);
    records.add(new Bronze.Raw(1, Bytes.utf8("{}"), null));
    assertThat(append.records()).isEmpty();
  }

  private static boolean allowed(Class<?> type, Object[] arguments) {
    try {
      Samples.construct(type, arguments);
      return true;
    } catch (NullPointerException e) {
      return false;
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> fields(Object sent) throws IOException {
    Buffer wire = Buffer.buffer();
    encode(sent, wire);
    return CBOR.readValue(wire.getBytes(1 + Integer.BYTES, wire.length()), Map.class);
  }

  private static <T> T decode(Class<T> type, byte[] body) {
    return new RecordCodec<>(type).decodeFromWire(0, framed(body));
  }

  private static Buffer framed(byte[] body) {
    return Buffer.buffer().appendByte(RecordCodec.VERSION).appendInt(body.length).appendBytes(body);
  }

  private static Object roundTrip(Object sent) {
    Buffer wire = Buffer.buffer("before");
    encode(sent, wire);
    wire.appendString("after");
    return new RecordCodec<>(sent.getClass()).decodeFromWire("before".length(), wire);
  }

  @SuppressWarnings("unchecked")
  private static <T> void encode(T sent, Buffer wire) {
    new RecordCodec<>((Class<T>) sent.getClass()).encodeToWire(wire, sent);
  }

  private static <T> T wire(MessageCodec<T, T> codec, T sent) {
    Buffer wire = Buffer.buffer();
    codec.encodeToWire(wire, sent);
    return codec.decodeFromWire(0, wire);
  }
}
