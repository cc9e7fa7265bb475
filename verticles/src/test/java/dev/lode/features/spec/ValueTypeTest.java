package dev.lode.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypeTest {

  private static Object convert(String type, Object value) {
    return ValueType.parse(type).convert(value);
  }

  @Test
  void numbersAndTheirTextsAreOneKey() {
    assertThat(convert("BIGINT", "17850")).isEqualTo(17850L);
    assertThat(convert("BIGINT", 17850)).isEqualTo(17850L);
    assertThat(convert("BIGINT", 17850.0)).isEqualTo(17850L);
    assertThat(convert("VARCHAR", 17850)).isEqualTo("17850");
    assertThat(convert("VARCHAR", 17850.0)).isEqualTo("17850");
    assertThat(convert("VARCHAR", new BigDecimal("1.50"))).isEqualTo("1.5");
    assertThat(convert("VARCHAR", 100L)).isEqualTo("100");
    assertThat(convert("INTEGER", "-3")).isEqualTo(-3);
    assertThat(convert("DECIMAL(5,2)", 12.5)).isEqualTo(new BigDecimal("12.50"));
    assertThat(convert("BOOLEAN", "TRUE")).isEqualTo(true);
    assertThat(convert("DATE", "2011-06-30")).isEqualTo(LocalDate.of(2011, 6, 30));
    assertThat(convert("UUID", new UUID(0, 1).toString())).isEqualTo(new UUID(0, 1));
    assertThat(convert("BIGINT", null)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BIGINT | abc | is not a BIGINT",
        "BIGINT | 1.5 | is not a BIGINT",
        "BIGINT | 1e999999999 | is too large for a BIGINT",
        "INTEGER | 3000000000 | is not an INTEGER",
        "DECIMAL(5,2) | 12.345 | is not a DECIMAL(5,2)",
        "DECIMAL(5,2) | 1234.5 | is too large for a DECIMAL(5,2)",
        "DECIMAL(5,2) | 1e-999999999 | is not a DECIMAL(5,2)",
        "DOUBLE | NaN | is not finite",
        "DOUBLE | Infinity | is not finite",
        "DOUBLE | 1e999 | is not finite",
        "BOOLEAN | yes | is not a BOOLEAN",
        "DATE | 30.6.2011 | is not a DATE",
        "UUID | x | is not a UUID",
        "TIMESTAMP WITH TIME ZONE | soon | is not a time"
      })
  void refusesWhatWouldLoseSomething(String type, String value, String reason) {
    assertThatThrownBy(() -> convert(type, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void refusesNumbersThatAreNone() {
    assertThatThrownBy(() -> convert("DOUBLE", Double.NaN)).hasMessage("is not finite");
    assertThatThrownBy(() -> convert("BIGINT", Float.NEGATIVE_INFINITY))
        .hasMessage("is not finite");
    assertThatThrownBy(() -> convert("DATE", 5)).hasMessage("is not a DATE");
  }

  @ParameterizedTest
  @CsvSource({
    "2011-01-01, 2011-01-01T00:00:00Z",
    "2011-01-01T10:00, 2011-01-01T10:00:00Z",
    "2011-01-01 10:00:00.123456, 2011-01-01T10:00:00.123456Z",
    "2011-01-01T10:00:00.123456789Z, 2011-01-01T10:00:00.123456Z",
    "2011-01-01T10:00:00+02:00, 2011-01-01T08:00:00Z",
    "2011-01-01 10:00:00+0530, 2011-01-01T04:30:00Z",
    "2011-01-01 10:00:00-03, 2011-01-01T13:00:00Z",
    "2011-07-01T10:00:00 Europe/Paris, 2011-07-01T08:00:00Z",
    "2011-07-01T10:00:00+02:00[Europe/Paris], 2011-07-01T08:00:00Z",
    "2011-07-01T10:00:00 UTC, 2011-07-01T10:00:00Z",
    "1969-12-31T23:59:59.9999999Z, 1969-12-31T23:59:59.999999Z"
  })
  void anyZoneIsItsInstantAndNaiveIsUtc(String text, String instant) {
    assertThat(Times.parse(text)).isEqualTo(Instant.parse(instant));
    assertThat(Times.instant(Times.micros(Times.parse(text)))).isEqualTo(Instant.parse(instant));
  }

  @Test
  void refusesTimesThatNoTableHolds() {
    assertThatThrownBy(() -> Times.parse("+99999-01-01T00:00:00Z"))
        .hasMessage("is outside the years 1 to 9999");
  }
}
