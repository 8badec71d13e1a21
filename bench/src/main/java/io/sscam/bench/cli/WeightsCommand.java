package io.sscam.bench.cli;

import io.sscam.nets.Network;
import io.sscam.weights.Architecture;
import io.sscam.weights.Catalogue;
import io.sscam.weights.CatalogueEntry;
import io.sscam.weights.FitReport;
import io.sscam.weights.Inspection;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import io.sscam.weights.WeightStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weights}: files of weights. */
@Command(
    name = "weights",
    description = "Fetches, converts and inspects weight files.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class WeightsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "convert",
      description = "Rewrites a PyTorch checkpoint (or safetensors file) as safetensors.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int convert(
      @Parameters(paramLabel = "IN", description = "A .pth or .safetensors file.") Path in,
      @Parameters(paramLabel = "OUT", description = "The safetensors file to write.") Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (Files.isDirectory(target) || folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          target + " cannot be written: name a file in a folder that exists");
    }
    Set<String> names = WeightFiles.convert(in, target);
    out().println(in + " -> " + target + ": " + names.size() + " tensors");
    return ExitCode.OK;
  }

  @Command(
      name = "inspect",
      description = "Shows what a weight file holds and which net it fits.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int inspect(
      @Parameters(paramLabel = "FILE", description = "A .pth or .safetensors file.") Path file,
      @Option(names = "--brief", description = "Leave out the list of tensors.") boolean brief) {
    Inspection inspection = Inspection.inspect(file);
    out().println("file        " + inspection.file());
    out().println("format      " + inspection.format().label());
    out().println("bytes       " + inspection.bytes());
    out().println("sha256      " + inspection.sha256());
    out().println("tensors     " + inspection.tensors().size());
    out().println("parameters  " + inspection.parameters());
    if (!brief) {
      tensors(inspection);
    }
    try (WeightFile weights = WeightFiles.open(file)) {
      out().println(fits(weights));
    }
    return ExitCode.OK;
  }

  private void tensors(Inspection inspection) {
    List<Inspection.TensorInfo> tensors = inspection.tensors();
    int width = tensors.stream().mapToInt(tensor -> tensor.label().length()).max().orElse(1);
    String line = "  %-" + width + "s  %-4s  %s%n";
    tensors.forEach(each -> out().printf(line, each.label(), each.dtype(), each.shape()));
  }

  private static String fits(WeightFile weights) {
    FitReport closest = null;
    for (Network net : Network.all()) {
      FitReport report = fit(net, weights);
      if (report.fits()) {
        return "fits        " + net.id() + ", " + report.classes().orElse(0) + " classes";
      }
      if (closest == null || faults(report) < faults(closest)) {
        closest = report;
      }
    }
    return "fits        none of the nets; closest: " + (closest == null ? "" : closest.text());
  }

  private static FitReport fit(Network net, WeightFile weights) {
    return new Architecture(
            net.id(),
            net.parameters(net.classes(weights)),
            Set.of(net.headWeight(), net.headBias()))
        .fit(weights);
  }

  private static int faults(FitReport report) {
    return report.missing().size() + report.leftOver().size() + report.wrongShapes().size();
  }

  @Command(
      name = "pull",
      description = "Fetches ImageNet weights from PyTorch's site into the user's cache, once.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int pull(
      @Parameters(paramLabel = "NAME", description = "One of: resnet18, vgg16, squeezenet1_0.")
          String name) {
    CatalogueEntry entry =
        Catalogue.find(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there are no weights \""
                            + name
                            + "\"; use one of: "
                            + Catalogue.entries().stream()
                                .map(CatalogueEntry::name)
                                .collect(Collectors.joining(", "))));
    try (Progress progress = Progress.ofBytes()) {
      progress.start(entry.fileName());
      Path file =
          WeightStore.standard()
              .pull(
                  entry,
                  (stage, done, total) -> {
                    if (total > 0) {
                      progress.update(done, total);
                    }
                  });
      progress.stop();
      out().println(entry.name() + " -> " + file);
    }
    return ExitCode.OK;
  }

  @Command(
      name = "list",
      description = "Lists the weights that can be fetched, and those that have been.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int list() {
    WeightStore store = WeightStore.standard();
    for (WeightStore.Stored stored : store.list()) {
      CatalogueEntry entry = stored.entry();
      out()
          .printf(
              "%-14s %4d MB  %s%n",
              entry.name(),
              entry.approximateBytes() / 1_000_000,
              stored
                  .file()
                  .map(Path::toString)
                  .orElse("not fetched: weights pull " + entry.name()));
    }
    out().println("demo              2 MB  built in");
    out().println("cache: " + store.directory());
    return ExitCode.OK;
  }
}
