package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.ExplainerBuilder;
import io.sscam.Method;
import io.sscam.data.DataSet;
import io.sscam.data.DataSetException;
import io.sscam.data.DataSets;
import io.sscam.data.LabelMap;
import io.sscam.data.Problem;
import io.sscam.data.Sample;
import io.sscam.data.Selection;
import io.sscam.evaluate.Evaluation;
import io.sscam.evaluate.Evaluator;
import io.sscam.evaluate.Metric;
import io.sscam.evaluate.Plan;
import io.sscam.evaluate.ResultLog;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.TargetRule;
import io.sscam.weights.DemoWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code evaluate}: which map is right? */
@Command(
    name = "evaluate",
    description = "Measures maps over a data set and writes a report.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  sscam-engine evaluate demo --limit 20 --out demo-report",
      "      the demo model on its own pictures",
      "  sscam-engine evaluate VOC2007 --split test --label-map voc_to_imagenet.json \\",
      "      --model resnet18 --methods grad-cam,score-cam,ss-cam \\",
      "      --limit 200 --shuffle-seed 1",
      "  sscam-engine evaluate pictures/labels.csv --model resnet18 --resume",
      "      goes on where a run was stopped",
      "",
      "Data sets: demo; a folder laid out as PASCAL VOC, Stanford 40 Actions or",
      "ILSVRC 2012's validation set; or a CSV file beside pictures",
      "(file,class[,xmin,ymin,xmax,ymax])."
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final String LOG = "results.jsonl";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DATASET", description = "demo, a folder or a CSV file.")
  private String place = "";

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The list of PASCAL VOC or Stanford 40 to take (default: test).")
  private @Nullable String split;

  @Option(
      names = "--label-map",
      paramLabel = "FILE",
      description = "JSON that joins the data set's classes to the net's: {\"dog\": [151, 152]}.")
  private @Nullable Path labelMap;

  @Option(
      names = "--target",
      paramLabel = "WHICH",
      defaultValue = "label",
      description =
          "The class explained: label, the most probable of the picture's own, or top, the net's"
              + " first (default: ${DEFAULT-VALUE}).")
  private TargetRule target = TargetRule.LABEL;

  @Mixin private VariantOptions variants = new VariantOptions();

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "pointing",
      description =
          "Beside Average Drop and Increase: pointing, deletion, insertion and adcc, by commas"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Metric> metrics = List.of(Metric.POINTING);

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Target layer by its name in torchvision, e.g. layer4 (default: the last).")
  private @Nullable String layer;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many pictures.")
  private @Nullable Integer limit;

  @Option(
      names = "--shuffle-seed",
      paramLabel = "N",
      description = "Draw the pictures at random, the same ones for the same seed.")
  private @Nullable Long shuffleSeed;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      defaultValue = "1/1",
      description = "Only part I of N of the pictures; join the parts with: report.")
  private String shard = "1/1";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "evaluation",
      description = "Where log and report go (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("evaluation");

  @Option(names = "--resume", description = "Go on with the log in that folder.")
  private boolean resume;

  @Option(names = "--quiet", description = "No progress, no summary; errors only.")
  private boolean quiet;

  /** Part {@code index} of {@code count}. */
  private record Part(int index, int count) {}

  @Override
  public Integer call() throws Exception {
    Part part = part();
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException("--limit must be at least 1, not " + limit);
    }
    variants.check();
    DataSet set = DataSets.open(place, split);
    try (Classifier classifier = model.open()) {
      LabelMap labels = labels(classifier);
      List<Sample> all = Selection.of(set, limit, shuffleSeed);
      if (all.isEmpty()) {
        throw new InputException(place + ": has no picture that can be used");
      }
      List<Sample> own = Selection.shard(all, part.index, part.count);
      List<Problem> problems = part.index == 1 ? set.problems() : List.of();
      List<Plan> plans = variants.plans(classifier, model.demo());
      RunSettings settings =
          settings(classifier, set, all, own.size() + problems.size(), plans, part);
      ReportFiles.prepare(out);
      announce(classifier, set, all);
      evaluate(classifier, plans, labels, all, own, problems, settings);
      Results results = ResultLog.read(out.resolve(LOG));
      ReportFiles.write(out, results, ReportFiles.pictures(all));
      summarise(results);
      boolean failed = results.outcomes().isEmpty() && part.count == 1; // a part may have none
      return failed ? nothing(results) : ExitCode.OK;
    }
  }

  private LabelMap labels(Classifier classifier) throws DataSetException {
    if (labelMap != null) {
      return LabelMap.read(labelMap, classifier.classes());
    }
    if (place.equals("demo")
        && target == TargetRule.LABEL
        && !classifier.classNames().names().equals(DemoWeights.classNames())) {
      throw new IllegalArgumentException(
          "the pictures of demo show the demo model's classes, which "
              + classifier.network().id()
              + " does not have here; name another data set, join the classes by --label-map, or"
              + " explain the net's own first class by --target top");
    }
    return LabelMap.identity(classifier.classNames());
  }

  /** Not one picture of all could be explained. */
  private int nothing(Results results) {
    Map<String, Integer> reasons = Summary.of(results).reasons();
    String most =
        reasons.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(reason -> ", " + reason.getValue() + " of them since " + reason.getKey())
            .orElse("");
    PrintWriter err = spec.commandLine().getErr();
    err.println("error: no picture was explained" + most + "; see " + out.resolve("report.html"));
    err.flush();
    return ExitCode.BAD_INPUT;
  }

  private Part part() {
    if (!shard.matches("\\d{1,5}/\\d{1,5}")) {
      throw new IllegalArgumentException("--shard is a part and their number, as in 2/4");
    }
    int slash = shard.indexOf('/');
    int index = Integer.parseInt(shard.substring(0, slash));
    int count = Integer.parseInt(shard.substring(slash + 1));
    if (index < 1 || index > count) {
      throw new IllegalArgumentException(
          "--shard must be from 1/%d to %d/%d, not %s".formatted(count, count, count, shard));
    }
    return new Part(index, count);
  }

  private RunSettings settings(
      Classifier classifier,
      DataSet set,
      List<Sample> all,
      int ownPictures,
      List<Plan> plans,
      Part part)
      throws IOException {
    RunSettings.Data data =
        new RunSettings.Data(
            set.name(),
            set.split(),
            all.size() + set.problems().size(),
            Selection.digest(all),
            labelMap == null ? null : Digest.of(Files.readAllBytes(labelMap)),
            limit,
            shuffleSeed);
    RunSettings.Model net =
        new RunSettings.Model(
            classifier.network().id(),
            classifier.weightsDigest(),
            Digest.of(String.join("\n", classifier.classNames().names())),
            layerOf(classifier),
            classifier.inputShape().dim(1),
            classifier.inputShape().dim(2),
            model.preprocessing(),
            model.precision(),
            classifier.backend().device().id());
    return new RunSettings(
        "sscam-engine " + Version.text(),
        data,
        net,
        target.id(),
        plans.stream().map(Plan::variant).toList(),
        wanted().stream().map(Metric::id).toList(),
        new RunSettings.Shard(part.index, part.count, ownPictures),
        "sscam-engine " + String.join(" ", spec.commandLine().getParseResult().originalArgs()));
  }

  private Set<Metric> wanted() {
    Set<Metric> sorted = new LinkedHashSet<>(List.of(Metric.values()));
    sorted.retainAll(metrics);
    return sorted;
  }

  private String layerOf(Classifier classifier) {
    return layer == null ? classifier.network().defaultLayer() : layer;
  }

  private void announce(Classifier classifier, DataSet set, List<Sample> all) {
    if (!quiet) {
      PrintWriter err = spec.commandLine().getErr();
      model.announce(err, classifier);
      err.printf(
          "%s: %d picture%s of %d, %d that cannot be used%n",
          set.name(),
          all.size(),
          all.size() == 1 ? "" : "s",
          set.samples().size(),
          set.problems().size());
      err.flush();
    }
  }

  private void evaluate(
      Classifier classifier,
      List<Plan> plans,
      LabelMap labels,
      List<Sample> all,
      List<Sample> own,
      List<Problem> problems,
      RunSettings settings)
      throws IOException {
    Path file = out.resolve(LOG);
    Method first = plans.stream().flatMap(plan -> plan.method().stream()).findFirst().orElseThrow();
    ExplainerBuilder builder = classifier.explainer().method(first).layer(layerOf(classifier));
    try (ResultLog log =
            resume ? ResultLog.resume(file, settings) : ResultLog.create(file, settings);
        Progress progress = Progress.ofPictures(!quiet);
        Explainer explainer = builder.open();
        Evaluator evaluator =
            new Evaluator(classifier, explainer, plans, labels, target, wanted())) {
      progress.start(settings.data().name());
      new Evaluation(evaluator, log, progress::update).run(all, own, problems);
    }
  }

  private void summarise(Results results) {
    if (!quiet) {
      PrintWriter stdout = spec.commandLine().getOut();
      stdout.print(SummaryTable.of(results));
      stdout.println("-> " + out.resolve("report.html"));
      stdout.flush();
    }
  }
}
