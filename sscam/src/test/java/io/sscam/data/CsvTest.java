package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void fieldsAreBetweenCommas() {
    assertThat(Csv.fields("a,b,c")).containsExactly("a", "b", "c");
    assertThat(Csv.fields("")).containsExactly("");
    assertThat(Csv.fields(",")).containsExactly("", "");
    assertThat(Csv.fields(" a , b ")).containsExactly("a", "b");
  }

  @Test
  void quotesHoldCommasAndQuotes() {
    assertThat(Csv.fields("\"a,b\",c")).containsExactly("a,b", "c");
    assertThat(Csv.fields("\"say \"\"hi\"\"\",\"\"")).containsExactly("say \"hi\"", "");
    assertThat(Csv.fields("\"\"\"\"")).containsExactly("\"");
  }

  @Test
  void aQuoteMustBeClosed() {
    assertThatIllegalArgumentException().isThrownBy(() -> Csv.fields("a,\"b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Csv.fields("\"a\"\""));
  }

  @Test
  void aLineOfCommasDoesNotFillTheMemory() {
    assertThat(Csv.fields(",".repeat(999))).hasSize(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Csv.fields(",".repeat(1000)))
        .withMessageContaining("1000 fields");
  }

  @Property
  void whatIsQuotedComesBack(@ForAll @Size(min = 1, max = 9) List<String> fields) {
    List<String> stripped = fields.stream().map(String::strip).toList();
    String line =
        stripped.stream()
            .map(field -> "\"" + field.replace("\"", "\"\"") + "\"")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    assertThat(Csv.fields(line)).isEqualTo(stripped);
  }
}
