package dev.lode.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TemplateTest {

  @Test
  void namesItsColumnsOnce() {
    assertThat(new Template("{name}: {text} ({name})").columns()).containsExactly("name", "text");
  }

  @Test
  void becomesSqlWithNothingToInject() {
    assertThat(new Template("It's {name}").sql())
        .isEqualTo("'It''s ' || coalesce(CAST(\"name\" AS VARCHAR), '') || ''");
  }

  @Test
  void mustNameAColumn() {
    assertThatThrownBy(() -> new Template("no column"))
        .hasMessage("Invalid text: \"no column\" names no column (write {column})");
  }
}
