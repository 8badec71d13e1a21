package io.sscam.bench.cli;

import io.sscam.bench.measure.LabReport;
import io.sscam.engine.file.CacheDirectory;
import io.sscam.kernels.cuda.lab.Candidate;
import io.sscam.kernels.cuda.lab.LabResult;
import io.sscam.kernels.cuda.lab.Laboratory;
import io.sscam.kernels.cuda.lab.Operation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code bench kernels --candidate}: a kernel of the user's own beside the built-in one. */
final class LabOptions {
  private static final String DEFAULT_OPERATION = "perturb_and_mask";

  @Option(
      names = "--candidate",
      required = true,
      paramLabel = "FILE",
      description = "CUDA C++ with a kernel to try in place of a built-in one (GPU only).")
  private Path file = Path.of("");

  @Option(
      names = "--op",
      paramLabel = "NAME",
      defaultValue = DEFAULT_OPERATION,
      description =
          "Whose place it takes: perturb_and_mask, mask_multiply, upsample_bilinear or minmax"
              + " (default: ${DEFAULT-VALUE}).")
  private String op = DEFAULT_OPERATION;

  @Option(
      names = "--block",
      split = ",",
      paramLabel = "N",
      description = "Threads of a block, one or more, as in 128,256 (default: as built in).")
  private List<Integer> blocks = List.of();

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Add the figures there, a line of JSON a run (default: in the cache).")
  private @Nullable Path history;

  /**
   * Tries it and prints the table.
   *
   * @throws IllegalArgumentException if an option cannot be what it is
   */
  void run(String device, boolean quick, PrintWriter out, Consumer<String> say) {
    Operation operation =
        Operation.of(op)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no --op \"%s\"; use one of: %s"
                            .formatted(op, Operation.names())));
    Laboratory.requireBlocks(blocks);
    Candidate candidate = Candidate.read(file);
    Path log = open();
    Path cache = CacheDirectory.standard().resolve("cuda");
    String gpu = device.equals("auto") ? "cuda:0" : device;
    try (Laboratory laboratory = Laboratory.open(gpu, cache)) {
      LabResult result = laboratory.run(candidate, operation, blocks, quick, say);
      LabReport.lines(result).forEach(out::println);
      String hash = Digest.of(candidate.text());
      append(log, LabReport.history(result, hash, Version.text(), Instant.now()));
      out.println("Kept in " + log + ".");
      out.flush();
    }
  }

  /** The history, which can be written to; a run is lost if that shows only at its end. */
  private Path open() {
    if (history != null) {
      append(history, "");
      return history;
    }
    Path own = CacheDirectory.standard().resolve("kernels.jsonl");
    try {
      Files.createDirectories(CacheDirectory.standard());
    } catch (IOException e) {
      throw refuse(own, e);
    }
    append(own, "");
    return own;
  }

  private static void append(Path file, String line) {
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw refuse(file, e);
    }
  }

  private static IllegalArgumentException refuse(Path file, IOException e) {
    return new IllegalArgumentException(
        "cannot write "
            + file
            + ": "
            + OutputException.reason(file, e)
            + "; name another file with --history",
        e);
  }
}
