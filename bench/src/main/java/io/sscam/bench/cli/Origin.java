package io.sscam.bench.cli;

import io.sscam.Explanation;
import io.sscam.Method;
import java.util.ArrayList;
import java.util.List;

/** How a map was made, in the few words that pictures have room for; the JSON tells all. */
final class Origin {
  private Origin() {}

  /** The options that shape the map most, and whether there is none; empty if nothing is to say. */
  static String options(Explanation explanation) {
    List<String> words = new ArrayList<>();
    if (explanation.choseChannels()) {
      words.add("K = " + explanation.scoredChannels());
    }
    if (explanation.method() instanceof Method.SsCam ssCam) {
      words.add("N = " + ssCam.scoring().samples());
      words.add("sigma = " + ssCam.scoring().sigma());
    }
    if (explanation.blank()) {
      words.add("blank");
    }
    return String.join(", ", words);
  }

  /** Method, options, net and arithmetic. */
  static String line(Explanation explanation) {
    String options = options(explanation);
    return "%s%s; %s at %s, %s on %s, seed %d"
        .formatted(
            explanation.method().name(),
            options.isEmpty() ? "" : ", " + options,
            explanation.network(),
            explanation.layer(),
            EnumNames.of(explanation.precision()),
            explanation.device().id(),
            explanation.seed());
  }
}
