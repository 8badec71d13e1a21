package io.sscam.bench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.Classifier;
import io.sscam.Prediction;
import io.sscam.Scorer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code classify}: what is in the pictures. */
@Command(
    name = "classify",
    description = "Names the most probable classes of pictures.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Example:", "  sscam-engine classify --top 3 --format json *.jpg"})
final class ClassifyCommand implements Callable<Integer> {
  /** How the answer is printed. */
  enum Format {
    TEXT,
    JSON
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Picture files.")
  private List<Path> photos = List.of();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "How many classes a picture (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = "text",
      description = "text, or json: one line a picture (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(names = "--quiet", description = "No word on the model; classes and errors only.")
  private boolean quiet;

  @Override
  public Integer call() throws Exception {
    if (top < 1) {
      throw new IllegalArgumentException("--top must be at least 1, not " + top);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Classifier classifier = model.open()) {
      if (format == Format.TEXT && !quiet) {
        model.announce(spec.commandLine().getErr(), classifier);
      }
      try (Scorer scorer = classifier.scorer(1)) {
        return new Photos(spec.commandLine().getErr(), photos)
            .forEach(photo -> print(out, classifier, photo, scorer.classify(photo.image(), top)));
      }
    }
  }

  private void print(
      PrintWriter out, Classifier classifier, Photos.Photo photo, List<Prediction> predictions) {
    if (format == Format.JSON) {
      out.println(json(classifier, photo.path(), predictions));
    } else {
      out.println(photo.path());
      for (Prediction prediction : predictions) {
        out.printf(
            Locale.ROOT,
            "  %6.2f %%  %4d  %s%n",
            100 * prediction.probability(),
            prediction.classIndex(),
            prediction.className());
      }
    }
    out.flush();
  }

  private ObjectNode json(Classifier classifier, Path photo, List<Prediction> predictions) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("file", photo.toString());
    node.put("model", model.name(classifier.network().id()));
    node.put("device", classifier.backend().device().id());
    node.put("precision", model.precision());
    ArrayNode top = node.putArray("top");
    for (Prediction prediction : predictions) {
      ObjectNode entry = top.addObject();
      entry.put("class", prediction.classIndex());
      entry.put("name", prediction.className());
      entry.put("probability", prediction.probability());
    }
    return node;
  }
}
