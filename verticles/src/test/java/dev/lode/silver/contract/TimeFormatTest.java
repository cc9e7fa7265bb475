package dev.lode.silver.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeFormatTest {

  @Test
  void translatesTheLettersOfTheJdk() {
    assertThat(TimeFormat.strptime("dd/MM/yyyy HH:mm:ss.SSS")).isEqualTo("%d/%m/%Y %H:%M:%S.%g");
    assertThat(TimeFormat.strptime("yyyy-MM-dd'T'HH:mmXXX")).isEqualTo("%Y-%m-%dT%H:%M%z");
    assertThat(TimeFormat.zoned("yyyy-MM-dd'T'HH:mmXXX")).isTrue();
    assertThat(TimeFormat.zoned("yyyy-MM-dd")).isFalse();
  }

  @Test
  void saysWhichLettersItCannotRead() {
    assertThat(TimeFormat.problem("yyyy-MM-dd")).isEmpty();
    assertThat(TimeFormat.problem("epoch_ms")).isEmpty();
    assertThat(TimeFormat.problem("EEE yyyy")).contains("cannot read EEE in EEE yyyy");
  }
}
