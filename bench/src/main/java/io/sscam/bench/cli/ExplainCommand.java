package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.ExplainerBuilder;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.Target;
import io.sscam.nets.Preprocess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain}: what the net looked at. */
@Command(
    name = "explain",
    description = "Writes, for each picture, a map of what the net looked at.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  sscam-engine explain photo.jpg",
      "      the built-in demo model, SS-CAM, the most probable class",
      "  sscam-engine explain --class top2 --out maps --format png,npy *.jpg",
      "      the two most probable classes of several pictures",
      "  sscam-engine explain --model resnet18 --preset paper-mean --seed 7 photo.jpg",
      "      ImageNet weights (see: sscam-engine weights pull resnet18)",
      "  sscam-engine explain --noise masked-input --sigma 2 --samples 20 photo.jpg",
      "      options on top of the default preset"
    })
final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Picture files.")
  private List<Path> photos = List.of();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "ss-cam",
      description =
          "cam, grad-cam, grad-cam++, score-cam or ss-cam; or a control: mean-activation,"
              + " random-weights (default: ${DEFAULT-VALUE}).")
  private String method = "ss-cam";

  @Mixin private MethodOptions variant = new MethodOptions();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      defaultValue = "top",
      description =
          "A number, a name, top, #2 for the second most probable, or top3 for the three most"
              + " probable; several by commas share the forward passes (default: top).")
  private String classes = "top";

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Target layer by its name in torchvision, e.g. layer4 (default: the last).")
  private @Nullable String layer;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Masked pictures a chunk; takes memory, changes no result.")
  private @Nullable Integer batch;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the results go (default: the current folder).")
  private Path out = Path.of(".");

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "F",
      defaultValue = "png,json",
      description = "png, json and npy, by commas (default: ${DEFAULT-VALUE}).")
  private List<ResultFiles.Format> formats = List.of();

  @Option(names = "--quiet", description = "No progress, no summary; errors only.")
  private boolean quiet;

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    Method chosen = variant.method(method, model.demo());
    List<Target> targets = Target.parseAll(classes);
    Photos.requireDistinct(photos, chosen.name() + ".*");
    Set<ResultFiles.Format> wanted = new LinkedHashSet<>(formats);
    ResultFiles files = ResultFiles.into(out, wanted);
    try (Classifier classifier = model.open()) {
      if (!quiet) {
        model.announce(err, classifier);
        if (chosen instanceof Method.SsCam && model.demo() && variant.leavesSamples()) {
          err.println(MethodOptions.DEMO_NOTE);
        }
      }
      try (Progress progress = Progress.ofMasks(!quiet);
          Explainer explainer = explainer(classifier, chosen, progress)) {
        return new Photos(err, photos)
            .forEach(
                photo -> {
                  long ownSeed = Explainer.seed(seed, photo.number());
                  Preprocess.Result input = classifier.preprocess(photo.image());
                  List<Explanation> explanations =
                      progress.during(
                          photo.stem(), () -> explainer.explain(input, targets, ownSeed));
                  write(files, photo, explanations);
                });
      }
    }
  }

  private Explainer explainer(Classifier classifier, Method chosen, Progress progress) {
    ExplainerBuilder builder =
        classifier.explainer().method(chosen).seed(seed).progress(progress::update);
    if (layer != null) {
      builder.layer(layer);
    }
    if (batch != null) {
      builder.batch(batch);
    }
    return builder.open();
  }

  private void write(ResultFiles files, Photos.Photo photo, List<Explanation> explanations) {
    Set<Integer> done = new HashSet<>();
    for (Explanation explanation : explanations) {
      if (!done.add(explanation.classIndex())) {
        continue; // one class by two names, as top and 162
      }
      String name = photo.stem() + "." + explanation.method().name();
      if (explanations.size() > 1) {
        name += "." + explanation.classIndex();
      }
      List<Path> written = files.write(name, photo, explanation, run(photo, explanation.network()));
      if (!quiet) {
        spec.commandLine().getOut().println(summary(photo, explanation, written));
        spec.commandLine().getOut().flush();
      }
    }
  }

  /** What is needed to repeat the run. */
  private Map<String, Object> run(Photos.Photo photo, String network) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", Version.text());
    facts.put("photo", photo.path().toString());
    facts.putAll(model.describe(network));
    facts.put("command", spec.commandLine().getParseResult().originalArgs());
    return facts;
  }

  private static String summary(Photos.Photo photo, Explanation explanation, List<Path> written) {
    List<String> files = new ArrayList<>();
    written.forEach(path -> files.add(path.toString()));
    String text =
        String.format(
            Locale.ROOT,
            "%s: %s (class %d, %.1f %%), %d of %d channels live%s, %d forward pass%s in %.1f s -> %s",
            photo.path(),
            explanation.className(),
            explanation.classIndex(),
            100 * explanation.probability(),
            explanation.liveChannels(),
            explanation.channels(),
            explanation.choseChannels() ? ", " + explanation.scoredChannels() + " scored" : "",
            explanation.timings().forwardPasses(),
            explanation.timings().forwardPasses() == 1 ? "" : "es",
            explanation.timings().totalSeconds(),
            String.join(", ", files));
    return explanation.blank() ? text + "\n  The map is blank: " + whyBlank(explanation) : text;
  }

  private static String whyBlank(Explanation explanation) {
    if (explanation.liveChannels() == 0) {
      return "every channel of " + explanation.layer() + " is constant; try a larger --size.";
    }
    float[] alpha = explanation.alpha().data();
    String reason =
        IntStream.range(0, alpha.length).anyMatch(k -> alpha[k] > 0)
            ? "everywhere the channels that lower this class's score outweigh those that raise it"
            : "no channel%s raises this class's score above the baseline"
                .formatted(explanation.choseChannels() ? " that was scored" : "");
    List<String> mends = new ArrayList<>();
    if (explanation.method() instanceof Method.SsCam ssCam
        && ssCam.scoring().noise() != Scoring.Noise.NONE
        && ssCam.scoring().sigma() > 0) {
      mends.add("less noise, --sigma " + ssCam.scoring().sigma() / 2);
    }
    if (explanation.choseChannels()) {
      mends.add("more --top-channels");
    }
    return reason + (mends.isEmpty() ? "." : "; try " + String.join(", or ", mends) + ".");
  }
}
