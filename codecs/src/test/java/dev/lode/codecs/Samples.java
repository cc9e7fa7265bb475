package dev.lode.codecs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;

/** Random messages by reflection: a component type it does not know fails the test at once. */
final class Samples {
  private final Random random;

  Samples(long seed) {
    this.random = new Random(seed);
  }

  <T> T record(Class<T> type) {
    return construct(type, arguments(type));
  }

  Object[] arguments(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> value(component.getGenericType()))
        .toArray();
  }

  static <T> T construct(Class<T> type, Object... arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Cannot construct " + type.getName(), e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] inner = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(index -> value(inner[0]))
          : map(index -> value(inner[1]));
    }
    Class<?> plain = (Class<?>) type;
    return plain.isRecord() ? record(plain) : scalar(plain);
  }

  private Object scalar(Class<?> type) {
    return switch (type.getName()) {
      case "int" -> random.nextInt();
      case "long", "java.lang.Long" -> random.nextLong();
      case "double", "java.lang.Double" -> random.nextDouble();
      case "java.lang.Float" -> random.nextFloat();
      case "boolean" -> random.nextBoolean();
      case "java.lang.String" -> text();
      case "java.lang.Object" -> json(0);
      case "java.time.Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1 << 29));
      case "java.util.UUID" -> new UUID(random.nextLong(), random.nextLong());
      case "dev.lode.codecs.Bytes" -> Bytes.of(bytes());
      default -> throw new AssertionError("No sample for " + type + ": add one");
    };
  }

  /** Also the borders: a small long is not an int, a decimal keeps its scale. */
  private Object json(int depth) {
    return switch (random.nextInt(depth > 2 ? 9 : 11)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt();
      case 3 -> (long) random.nextInt(10);
      case 4 -> random.nextLong();
      case 5 -> random.nextGaussian();
      case 6 -> new BigDecimal(new BigInteger(80, random), random.nextInt(20));
      case 7 -> new BigInteger(100, random);
      case 8 -> text();
      case 9 -> list(index -> json(depth + 1));
      default -> map(index -> json(depth + 1));
    };
  }

  private String text() {
    return random
        .ints(random.nextInt(20), 0, 0x2FFF)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(50)];
    random.nextBytes(bytes);
    return bytes;
  }

  private List<Object> list(IntFunction<Object> element) {
    var list = new ArrayList<Object>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(element.apply(i));
    }
    return list;
  }

  private Map<String, Object> map(IntFunction<Object> element) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text() + i, element.apply(i));
    }
    return map;
  }
}
