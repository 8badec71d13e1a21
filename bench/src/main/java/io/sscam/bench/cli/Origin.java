package io.sscam.bench.cli;

import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import java.util.ArrayList;
import java.util.List;

/** How a map was made, in the few words that pictures have room for; the JSON tells all. */
final class Origin {
  private Origin() {}

  /** The options that shape the map most, and whether there is none; empty if nothing is to say. */
  static String options(Explanation explanation) {
    List<String> words = new ArrayList<>();
    if (explanation.blank()) {
      words.add("blank");
    }
    if (explanation.choseChannels()) {
      words.add("K = " + explanation.scoredChannels());
    }
    if (explanation.method() instanceof Method.SsCam ssCam) {
      words.add("N = " + ssCam.scoring().samples());
      if (ssCam.scoring().noise() != Scoring.Noise.NONE) {
        words.add("sigma = " + ssCam.scoring().sigma());
      }
    }
    return String.join(", ", words);
  }

  /** Method, options, net and arithmetic. */
  static String line(Explanation explanation) {
    String options = options(explanation);
    String preset = explanation.method() instanceof Method.SsCam s ? " " + s.preset() : "";
    return "%s%s%s; %s at %s, %s on %s, seed %d"
        .formatted(
            explanation.method().name(),
            preset,
            options.isEmpty() ? "" : ", " + options,
            explanation.network(),
            explanation.layer(),
            EnumNames.of(explanation.precision()),
            explanation.device().id(),
            explanation.seed());
  }
}
