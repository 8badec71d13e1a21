package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Method;
import io.sscam.data.DataSet;
import io.sscam.data.DataSets;
import io.sscam.data.Sample;
import io.sscam.data.SampleStream;
import io.sscam.data.Selection;
import io.sscam.engine.HostTensor;
import io.sscam.evaluate.Randomisation;
import io.sscam.metrics.Interval;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sanity}: do maps change when the net forgets? */
@Command(
    name = "sanity",
    description =
        "Replaces more and more layers' weights by chance and tells what is left of maps.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Mean rank correlation with the trained net's maps (Adebayo et al. 2018,",
      "cascading): near 1 means that a map does not depend on what the net has",
      "learned.",
      "Example:",
      "  sscam-engine sanity demo --limit 5"
    })
final class SanityCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DATASET", description = "As in evaluate; only its pictures are used.")
  private String place = "";

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--split", paramLabel = "NAME", description = "As in evaluate.")
  private @Nullable String split;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "grad-cam,grad-cam++,mean-activation",
      description = "Methods and controls, by commas (default: ${DEFAULT-VALUE}).")
  private List<String> methods = List.of();

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Target layer by its name in torchvision, e.g. layer4 (default: the last).")
  private @Nullable String layer;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "At most so many pictures (default: ${DEFAULT-VALUE}).")
  private int limit = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Seed of the random weights, the noise and the choice of pictures (default: 0).")
  private long seed;

  @Override
  public Integer call() throws Exception {
    List<Method> chosen = methods.stream().map(Method::named).toList();
    if (limit < 1 || limit > 1000) {
      throw new IllegalArgumentException("--limit must be from 1 to 1000, not " + limit);
    }
    DataSet set = DataSets.open(place, split);
    try (Classifier classifier = model.open();
        Progress progress = Progress.ofPictures(true)) {
      model.announce(spec.commandLine().getErr(), classifier);
      List<HostTensor> inputs = inputs(classifier, Selection.of(set, limit, seed));
      if (inputs.isEmpty()) {
        throw new InputException(place + ": has no picture that can be used");
      }
      String target = layer == null ? classifier.network().defaultLayer() : layer;
      progress.start("sanity");
      List<Randomisation.Row> rows =
          new Randomisation(classifier, target, chosen, seed)
              .run(
                  inputs,
                  Randomisation.usualCounts(classifier.weightedLayers().size()),
                  progress::update);
      progress.stop();
      print(rows, inputs.size());
    }
    return ExitCode.OK;
  }

  private List<HostTensor> inputs(Classifier classifier, List<Sample> samples) {
    List<HostTensor> inputs = new ArrayList<>();
    try (SampleStream stream = new SampleStream(samples)) {
      while (stream.hasNext()) {
        SampleStream.Decoded decoded = stream.next();
        if (decoded instanceof SampleStream.Picture picture) {
          inputs.add(classifier.preprocess(picture.image()).tensor());
        } else if (decoded instanceof SampleStream.Unreadable unreadable) {
          spec.commandLine().getErr().println("left out: " + unreadable.reason());
        }
      }
    }
    return inputs;
  }

  private void print(List<Randomisation.Row> rows, int pictures) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-8s %-28s %-18s %s%n", "layers", "from", "method", "rank correlation");
    for (Randomisation.Row row : rows) {
      out.printf(
          "%-8d %-28s %-18s %s%n",
          row.randomised(), row.first(), row.method().name(), cell(row, pictures));
    }
    out.flush();
  }

  private static String cell(Randomisation.Row row, int pictures) {
    String constant =
        row.constant() == 0 ? "" : "  (%d of %d maps constant)".formatted(row.constant(), pictures);
    return row.spearman()
        .map(
            (Interval i) ->
                String.format(Locale.ROOT, "%6.3f  %6.3f … %.3f", i.mean(), i.low(), i.high()))
        .orElse("-")
        .concat(constant);
  }
}
