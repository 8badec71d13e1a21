package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.Target;
import io.sscam.image.ColourMap;
import io.sscam.image.Grid;
import io.sscam.image.Overlay;
import io.sscam.nets.Preprocess;
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

/** {@code compare}: pictures down, methods across. */
@Command(
    name = "compare",
    description =
        "Draws pictures beside the maps of several methods, a row a picture, in one labelled PNG.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  sscam-engine compare --methods score-cam,ss-cam --out maps photo.jpg",
      "      writes maps/photo.compare.png",
      "  sscam-engine compare --methods grad-cam,grad-cam++,score-cam,ss-cam *.jpg",
      "      writes compare.png: a row a photo, as Figures 3 and 4 of the paper"
    })
final class CompareCommand implements Callable<Integer> {
  private static final int MOST_PHOTOS = 50;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "PHOTO", description = "Picture files.")
  private List<Path> photos = List.of();

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "all",
      description =
          "cam, grad-cam, grad-cam++, score-cam, ss-cam by commas, or all"
              + " (default: ${DEFAULT-VALUE}).")
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
      names = "--top-channels",
      paramLabel = "N|all",
      converter = ChannelCount.class,
      description =
          "Score only the N channels that vary most (SS-CAM and Score-CAM; default: all).")
  private int topChannels = Scoring.ALL_CHANNELS;

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
    if (photos.size() > MOST_PHOTOS) {
      throw new IllegalArgumentException(
          "compare draws at most %d photos in one picture, not %d"
              .formatted(MOST_PHOTOS, photos.size()));
    }
    ResultFiles files = ResultFiles.into(out, Set.of());
    try (Classifier classifier = model.open()) {
      if (!quiet) {
        model.announce(spec.commandLine().getErr(), classifier);
      }
      List<Method> chosen = methods(classifier);
      List<Grid.Cell> cells = new ArrayList<>();
      int code;
      try (Progress progress = Progress.ofMasks(!quiet);
          Explainer explainer =
              classifier
                  .explainer()
                  .method(chosen.get(0))
                  .seed(seed)
                  .progress(progress::update)
                  .open()) {
        code =
            new Photos(spec.commandLine().getErr(), photos)
                .forEach(
                    photo -> cells.addAll(row(classifier, explainer, chosen, photo, progress)));
      }
      if (!cells.isEmpty()) {
        draw(classifier, files, cells, chosen.size() + 1);
      }
      return code;
    }
  }

  /** Refuses what is wrong on its face before a folder is made or a net loaded. */
  private void checkNames() {
    List<Method> named =
        methods.stream()
            .map(name -> variant(name.equalsIgnoreCase("all") ? "ss-cam" : name))
            .toList();
    if (samples != null && named.stream().noneMatch(Method.SsCam.class::isInstance)) {
      throw new IllegalArgumentException("--samples belongs to ss-cam, which is not compared");
    }
    if (topChannels != Scoring.ALL_CHANNELS
        && named.stream().noneMatch(Method.Scored.class::isInstance)) {
      throw new IllegalArgumentException(
          "--top-channels belongs to ss-cam and score-cam, which are not compared");
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
    if (method instanceof Method.SsCam) {
      return MethodOptions.usual(model.demo(), samples, topChannels);
    }
    return method instanceof Method.ScoreCam
        ? Method.scoreCam(scoring -> scoring.withTopChannels(topChannels))
        : method;
  }

  /** The photo, then its maps. */
  private List<Grid.Cell> row(
      Classifier classifier,
      Explainer explainer,
      List<Method> chosen,
      Photos.Photo photo,
      Progress progress) {
    List<Grid.Cell> cells = new ArrayList<>();
    Preprocess.Result input = classifier.preprocess(photo.image());
    List<Target> targets = List.of(Target.parse(target));
    for (Method method : chosen) {
      Explanation explanation =
          progress.during(
              photo.stem() + " " + method.name(),
              () -> explainer.with(method).explain(input, targets, seed).get(0));
      if (cells.isEmpty()) {
        cells.add(
            new Grid.Cell(photo.stem(), classOf(explanation), Overlay.legible(photo.image())));
      }
      cells.add(
          new Grid.Cell(
              method.name(),
              Origin.options(explanation),
              Overlay.blend(
                  photo.image(), explanation.heatmap(), input.geometry(), ColourMap.INFERNO)));
    }
    if (!quiet) {
      spec.commandLine().getOut().println(photo.path() + ": " + cells.get(0).detail());
      spec.commandLine().getOut().flush();
    }
    return cells;
  }

  private void draw(Classifier classifier, ResultFiles files, List<Grid.Cell> cells, int columns) {
    boolean one = cells.size() == columns;
    String name = one ? cells.get(0).label() + ".compare.png" : "compare.png";
    String title =
        "%s at %s, %s on %s, seed %d"
            .formatted(
                classifier.network().id(),
                classifier.network().defaultLayer(),
                model.precision(),
                classifier.backend().device().id(),
                seed);
    Path file = files.write(name, Grid.render(title, cells, columns, ColourMap.INFERNO));
    if (!quiet) {
      spec.commandLine().getOut().println("-> " + file);
      spec.commandLine().getOut().flush();
    }
  }

  private static String classOf(Explanation explanation) {
    return String.format(
        Locale.ROOT, "%s %.1f %%", explanation.className(), 100 * explanation.probability());
  }
}
