package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonValuesTest {

  @Test
  void turnsEveryValueOfARowIntoOneThatJsonHas() {
    var huge = BigInteger.TWO.pow(64);
    List<Object> row =
        Arrays.asList(
            null,
            "x",
            1,
            BigInteger.TEN,
            huge,
            new BigDecimal("1.50"),
            1.5,
            Double.NaN,
            Instant.parse("2024-01-01T00:00:00Z"),
            LocalDateTime.of(2024, 1, 1, 0, 0),
            LocalDate.of(2024, 1, 1),
            new UUID(1, 2),
            new byte[] {1, 2},
            List.of(Map.of("k", LocalDate.of(2024, 1, 1))));
    var rows = new Rows(List.of(new Column("a", "VARCHAR")), List.of(row), false);

    assertThat(JsonValues.rows(rows).getFirst())
        .containsExactly(
            null,
            "x",
            1L,
            10L,
            huge,
            new BigDecimal("1.50"),
            1.5,
            null,
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01",
            "00000000-0000-0001-0000-000000000002",
            "AQI=",
            List.of(Map.of("k", "2024-01-01")));
  }
}
