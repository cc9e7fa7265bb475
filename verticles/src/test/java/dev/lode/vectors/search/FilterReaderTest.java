package dev.lode.vectors.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.codecs.Failure;
import dev.lode.vectors.search.Filter.Bound;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterReaderTest {
  private static final Map<String, FieldType> FIELDS =
      Map.of(
          "country", FieldType.of("country", "VARCHAR"),
          "tags", FieldType.of("tags", "VARCHAR[]"),
          "price", FieldType.of("price", "DECIMAL(18,4)"),
          "weight", FieldType.of("weight", "DOUBLE"),
          "sold", FieldType.of("sold", "BOOLEAN"),
          "day", FieldType.of("day", "DATE"),
          "at", FieldType.of("at", "TIMESTAMP WITH TIME ZONE"));

  @Test
  void readsEveryOperator() {
    assertThat(read("{'country':{'eq':'France'}}"))
        .isEqualTo(new Filter.In("country", List.of("France")));
    assertThat(read("{'country':{'ne':'France'}}"))
        .isEqualTo(new Filter.Not(new Filter.In("country", List.of("France"))));
    assertThat(read("{'price':{'in':[1, 2.5]}}"))
        .isEqualTo(new Filter.In("price", List.of(new BigDecimal("1"), new BigDecimal("2.5"))));
    assertThat(read("{'day':{'range':{'gte':'2026-01-31','lt':'2026-03-01'}}}"))
        .isEqualTo(
            new Filter.Range(
                "day",
                new Bound(LocalDate.parse("2026-01-31"), true),
                new Bound(LocalDate.parse("2026-03-01"), false)));
    assertThat(read("{'sold':{'exists':false}}"))
        .isEqualTo(new Filter.Not(new Filter.Exists("sold")));
    assertThat(read("{'tags':{'eq':'new'}}")).isEqualTo(new Filter.In("tags", List.of("new")));
  }

  @Test
  void readsTimesWithAndWithoutAZone() {
    var utc = new Filter.In("at", List.of(Instant.parse("2026-01-31T10:15:00Z")));

    assertThat(read("{'at':{'eq':'2026-01-31T10:15:00Z'}}")).isEqualTo(utc);
    assertThat(read("{'at':{'eq':'2026-01-31T12:15:00+02:00'}}")).isEqualTo(utc);
    assertThat(read("{'at':{'eq':'2026-01-31T10:15:00'}}")).isEqualTo(utc);
  }

  @Test
  void readsCombinationsOfConditions() {
    var france = new Filter.In("country", List.of("France"));
    var cheap = new Filter.Range("price", null, new Bound(new BigDecimal("5"), true));

    assertThat(read("{}")).isEqualTo(Filter.ALL);
    assertThat(read("{'country':{'eq':'France'},'price':{'range':{'lte':5}}}"))
        .isEqualTo(new Filter.And(List.of(france, cheap)));
    assertThat(read("{'or':[{'country':{'eq':'France'}},{'not':{'price':{'range':{'lte':5}}}}]}"))
        .isEqualTo(new Filter.Or(List.of(france, new Filter.Not(cheap))));
    assertThat(read("{'and':[{'country':{'eq':'France'}}]}"))
        .isEqualTo(new Filter.And(List.of(france)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'contry':{'eq':'x'}} | unknown field contry (did you mean country?)
          {'zzzzzzzz':{'eq':'x'}} | \
          unknown field zzzzzzzz (known: at, country, day, price, sold, tags, weight)
          {'country':{'equals':'x'}} | \
          unknown operator equals of country (known: eq, ne, in, range, exists)
          {'country':{'exist':true}} | \
          unknown operator exist of country (did you mean exists? known: eq, ne, in, range, \
          exists)
          {'country':'France'} | \
          country must be an object of operators (eq, ne, in, range, exists), not "France"
          {'country':{}} | \
          country must be an object of operators (eq, ne, in, range, exists), not {}
          {'country':{'eq':5}} | eq of country (VARCHAR) must be text, not 5
          {'price':{'eq':'cheap'}} | eq of price (DECIMAL(18,4)) must be a number, not "cheap"
          {'price':{'eq':null}} | eq of price (DECIMAL(18,4)) must be a number, not null
          {'sold':{'eq':'yes'}} | eq of sold (BOOLEAN) must be true or false, not "yes"
          {'sold':{'range':{'gt':false}}} | range of sold: true and false have no order
          {'day':{'eq':'31.1.2026'}} | \
          eq of day (DATE) must be a date, "2026-01-31", not "31.1.2026"
          {'at':{'eq':'noon'}} | \
          eq of at (TIMESTAMP WITH TIME ZONE) must be a time, "2026-01-31T10:15:00Z", not "noon"
          {'price':{'in':5}} | in of price must be a list, not 5
          {'price':{'range':5}} | range of price must be an object of gte, gt, lte, lt, not 5
          {'price':{'range':{'above':5}}} | unknown bound above of price (known: gte, gt, lte, lt)
          {'price':{'range':{'gt':5,'gte':5}}} | range of price has both gte and gt
          {'price':{'exists':1}} | exists of price must be true or false, not 1
          {'and':{}} | and must be a list of one or more filters, not {}
          {'or':[]} | or must be a list of one or more filters, not []
          {'or':[5]} | each of or must be a filter, {"field":{"eq":…}}, not 5
          {'not':[]} | not must be a filter, {"field":{"eq":…}}, not []
          """)
  void saysWhatItCannotRead(String json, String complaint) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(Failure.class)
        .hasMessage("Invalid filter: " + complaint);
  }

  @Test
  void refusesWhatIsTooDeepOrTooMuch() {
    String deep = "{'not':".repeat(20) + "{'sold':{'exists':true}}" + "}".repeat(20);
    assertThatThrownBy(() -> read(deep)).hasMessage("Invalid filter: nested deeper than 16");

    String much = "{'price':{'in':[" + "1,".repeat(1000) + "1]}}";
    assertThatThrownBy(() -> read(much)).hasMessage("Invalid filter: more than 1000 values");
  }

  @Test
  void refusesMetadataThatCannotBeFiltered() {
    assertThatThrownBy(() -> FieldType.of("raw", "BLOB"))
        .hasMessage(
            "Cannot filter on metadata raw: BLOB (text, numbers, booleans, dates, times and lists"
                + " of them can be metadata)");
  }

  private static Filter read(String json) {
    try {
      Map<String, Object> filter =
          new ObjectMapper().readValue(json.replace('\'', '"'), new TypeReference<>() {});
      return new FilterReader(FIELDS).read(filter);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
