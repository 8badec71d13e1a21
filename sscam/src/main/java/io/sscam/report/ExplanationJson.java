package io.sscam.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.engine.HostTensor;
import java.util.Locale;
import java.util.Map;

/**
 * An explanation as JSON: the class and its score, every option, the map, α and all scores. NaN,
 * the score of a channel that was not scored, is written as null, since JSON has no NaN.
 */
public final class ExplanationJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ExplanationJson() {}

  /**
   * The JSON text.
   *
   * @param run what the caller adds to repeat the run: picture, weights, version …
   */
  public static String write(Explanation explanation, Map<String, ?> run) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("class", explanation.classIndex());
    root.put("className", explanation.className());
    root.put("logit", explanation.logit());
    root.put("probability", explanation.probability());
    root.put("model", explanation.network());
    root.put("layer", explanation.layer());
    root.put("method", explanation.method().name());
    root.set("options", options(explanation.method()));
    root.put("seed", explanation.seed());
    root.put("device", explanation.device().id());
    root.put("deviceDescription", explanation.device().description());
    root.put("precision", id(explanation.precision()));
    root.put("batch", explanation.batch());
    root.put("baselineScore", explanation.baselineScore());
    root.put("channels", explanation.channels());
    root.put("liveChannels", explanation.liveChannels());
    root.put("scoredChannels", explanation.scoredChannels());
    root.put("effectiveChannels", explanation.effectiveChannels());
    root.put("blank", explanation.blank());
    explanation
        .geometry()
        .ifPresent(geometry -> root.set("geometry", MAPPER.valueToTree(geometry)));
    root.set("run", MAPPER.valueToTree(run));
    ObjectNode timings = root.putObject("timings");
    timings.put("forwardPasses", explanation.timings().forwardPasses());
    timings.put("scoringSeconds", explanation.timings().scoringSeconds());
    timings.put("totalSeconds", explanation.timings().totalSeconds());
    root.set("map", tensor(explanation.map()));
    root.set("alpha", tensor(explanation.alpha()));
    root.set("scores", tensor(explanation.scores()));
    return root + "\n";
  }

  private static ObjectNode options(Method method) {
    ObjectNode node = MAPPER.createObjectNode();
    if (method instanceof Method.SsCam ssCam) {
      node.put("preset", ssCam.preset());
      put(node, ssCam.scoring());
    } else if (method instanceof Method.ScoreCam scoreCam) {
      put(node, scoreCam.scoring());
    }
    return node;
  }

  private static void put(ObjectNode node, Scoring scoring) {
    node.put("noise", id(scoring.noise()));
    node.put("sigma", scoring.sigma());
    node.put("sigmaRule", id(scoring.sigmaRule()));
    node.put("samples", scoring.samples());
    node.put("aggregate", id(scoring.aggregate()));
    node.put("score", id(scoring.score()));
    node.put("baseline", id(scoring.baseline()));
    node.put("weights", id(scoring.weights()));
    node.put("channelWeight", id(scoring.channelWeight()));
    node.put("secondPass", scoring.secondPass());
    node.put("normalise", id(scoring.normalise()));
    if (scoring.topChannels() != Scoring.ALL_CHANNELS) {
      node.put("topChannels", scoring.topChannels());
    }
  }

  /** An option's value as users write it: {@code masked-input}. */
  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ObjectNode tensor(HostTensor tensor) {
    ObjectNode node = MAPPER.createObjectNode();
    ArrayNode shape = node.putArray("shape");
    for (int dim : tensor.shape().toArray()) {
      shape.add(dim);
    }
    ArrayNode values = node.putArray("values");
    for (float value : tensor.data()) {
      if (Float.isNaN(value)) {
        values.addNull();
      } else {
        values.add(value);
      }
    }
    return node;
  }
}
