package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Target;
import io.sscam.image.ColourMap;
import io.sscam.image.Grid;
import io.sscam.image.Overlay;
import io.sscam.nets.Geometry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: one picture, all methods side by side. */
@Command(
    name = "compare",
    description = "Draws a picture beside the maps of several methods, in one labelled PNG.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  sscam-engine compare --methods score-cam,ss-cam --out maps photo.jpg",
      "      writes maps/photo.compare.png"
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Picture files.")
  private List<Path> photos = List.of();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "all",
      description = "cam, score-cam, ss-cam by commas, or all (default: ${DEFAULT-VALUE}).")
  private List<String> methods = List.of("all");

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      defaultValue = "top",
      description = "A number, a name, top, or #2 … (default: ${DEFAULT-VALUE}).")
  private String target = "top";

  @Option(names = "--samples", paramLabel = "N", description = "Noisy samples a channel (SS-CAM).")
  private @Nullable Integer samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the picture goes (default: the current folder).")
  private Path out = Path.of(".");

  @Option(names = "--quiet", description = "No progress, no summary; errors only.")
  private boolean quiet;

  @Override
  public Integer call() throws Exception {
    checkNames();
    Photos.requireDistinct(photos, "compare.png");
    ResultFiles files = ResultFiles.into(out, Set.of());
    try (Classifier classifier = model.open()) {
      if (!quiet) {
        model.announce(spec.commandLine().getErr(), classifier);
      }
      List<Method> chosen = methods(classifier);
      return new Photos(spec.commandLine().getErr(), photos)
          .forEach(photo -> compare(classifier, chosen, photo, files));
    }
  }

  /** Refuses what is wrong on its face before a folder is made or a net loaded. */
  private void checkNames() {
    for (String name : methods) {
      variant(name.equalsIgnoreCase("all") ? "ss-cam" : name);
    }
  }

  private List<Method> methods(Classifier classifier) {
    List<Method> chosen = new ArrayList<>();
    for (String name : methods) {
      if (name.equalsIgnoreCase("all")) {
        Method.names().stream()
            .filter(each -> !each.equals("cam") || classifier.network().gapHead())
            .forEach(each -> chosen.add(variant(each)));
      } else {
        chosen.add(variant(name));
      }
    }
    return chosen;
  }

  private Method variant(String name) {
    Method method = Method.named(name);
    return method instanceof Method.SsCam ? MethodOptions.usual(model.demo(), samples) : method;
  }

  private void compare(
      Classifier classifier, List<Method> chosen, Photos.Photo photo, ResultFiles files) {
    List<Grid.Cell> cells = new ArrayList<>();
    Geometry geometry = classifier.preprocess(photo.image()).geometry();
    String title = "";
    for (Method method : chosen) {
      try (Progress progress = Progress.ofMasks(!quiet);
          Explainer explainer =
              classifier.explainer().method(method).seed(seed).progress(progress::update).open()) {
        progress.start(method.name());
        Explanation explanation =
            explainer.explain(photo.image(), List.of(Target.parse(target))).get(0);
        progress.stop();
        if (cells.isEmpty()) {
          title = title(explanation);
          cells.add(new Grid.Cell("input", photo.stem(), Overlay.legible(photo.image())));
        }
        cells.add(
            new Grid.Cell(
                method.name(),
                detail(method),
                Overlay.blend(photo.image(), explanation.heatmap(), geometry, ColourMap.INFERNO)));
      }
    }
    Path file =
        files.write(
            photo.stem() + ".compare.png",
            Grid.render(title, cells, cells.size(), ColourMap.INFERNO));
    if (!quiet) {
      spec.commandLine().getOut().println(photo.path() + ": " + title + " -> " + file);
      spec.commandLine().getOut().flush();
    }
  }

  private static String title(Explanation explanation) {
    return String.format(
        Locale.ROOT,
        "%s (class %d), %.1f %%, %s",
        explanation.className(),
        explanation.classIndex(),
        100 * explanation.probability(),
        explanation.network());
  }

  private static String detail(Method method) {
    return method instanceof Method.SsCam ssCam
        ? "N = " + ssCam.scoring().samples() + ", sigma = " + ssCam.scoring().sigma()
        : "";
  }
}
