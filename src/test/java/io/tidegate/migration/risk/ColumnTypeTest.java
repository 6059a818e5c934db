package io.tidegate.migration.risk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          character varying(50)       | varchar (10)     | true  | true
          character varying(50)       | varchar(100)     | false | false
          character varying(50)       | varchar          | false | false
          character varying(50)       | text             | false | false
          text                        | varchar(50)      | true  | true
          integer                     | bigint           | false | true
          bigint                      | int              | true  | true
          integer                     | int4             | false | false
          int(11)                     | int              | false | false
          int(10) unsigned            | int              | true  | true
          int(10) unsigned            | bigint unsigned  | false | true
          int(11)                     | bigint unsigned  | true  | true
          numeric(10,2)               | numeric(12, 2)   | false | false
          numeric(10,2)               | numeric(12, 4)   | false | true
          numeric(10,2)               | decimal(8,2)     | true  | true
          numeric(10,2)               | numeric          | false | false
          integer                     | text             | false | true
          integer                     | varchar(20)      | true  | true
          double precision            | real             | true  | true
          timestamp without time zone | timestamptz      | false | true
          timestamp without time zone | timestamp        | false | false
          timestamp with time zone    | timestamptz      | false | false
          timestamp without time zone | date             | true  | true
          text                        | mediumtext       | false | true
          mediumtext                  | text             | true  | true
          text                        | uuid             | true  | true
          enum('a','b')               | enum('a','b','c')| false | true
          enum('a','b')               | enum('a')        | true  | true
          text[]                      | text             | false | true
          """)
  void type_is_compared(String from, String to, boolean narrows, boolean rewrites) {
    ColumnType before = ColumnType.of(from);
    ColumnType after = ColumnType.of(to);
    assertThat(before.mayNarrowTo(after)).as("narrows").isEqualTo(narrows);
    assertThat(before.isRewrittenTo(after)).as("rewrites").isEqualTo(rewrites);
  }
}
