package io.sscam.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints the tables of docs/performance.md from the files that the programs wrote. */
@Command(name = "peer-table", mixinStandardHelpOptions = true)
public final class PeerTable implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "JSON", description = "of CompareForward and the rest")
  private List<Path> files = List.of();

  /** Prints and exits. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new PeerTable()).execute(args));
  }

  @Override
  public Integer call() {
    List<Results> results = new ArrayList<>();
    try {
      for (Path file : files) {
        results.add(Results.read(file));
      }
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    Tables.environments(results).forEach(System.out::println);
    System.out.println();
    Tables.of(results).forEach(System.out::println);
    return 0;
  }
}
