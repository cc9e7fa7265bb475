package dev.lode.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void keepsOrderAndNulls() {
    var map = new LinkedHashMap<String, Object>();
    map.put("z", null);
    map.put("a", Arrays.asList(1, null));
    assertThat(Values.copy(map)).isEqualTo(map);
    assertThat(Values.copy(map).keySet()).containsExactly("z", "a");
  }

  @Test
  void isIndependentOfWhatItWasCopiedFrom() {
    var inner = new ArrayList<Object>(List.of(1));
    Map<String, Object> copy = Values.copy(Map.of("list", inner));
    inner.add(2);
    assertThat(copy).isEqualTo(Map.of("list", List.of(1)));
  }

  @Test
  void cannotBeChangedAtAnyDepth() {
    Map<String, Object> copy = Values.copy(Map.of("map", new LinkedHashMap<>(Map.of("a", 1))));
    assertThatThrownBy(() -> copy.put("b", 1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<?, ?>) copy.get("map")).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
