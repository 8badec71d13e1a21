package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Screens that compute nothing. */
final class ScreensTest {
  @Test
  void withoutArgumentsThereIsHelp() {
    Cli.Outcome outcome = Cli.run().succeeded();
    assertThat(outcome.out())
        .startsWith("Usage: sscam-engine")
        .contains("explain", "classify", "compare", "weights", "devices", "Exit codes:");
    assertThat(outcome.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "explain --help",
        "classify --help",
        "compare --help",
        "evaluate --help",
        "report --help",
        "sanity --help",
        "devices --help",
        "selftest --help",
        "weights --help",
        "weights",
        "weights convert --help",
        "weights inspect --help",
        "weights pull --help",
        "weights list --help",
        "generate-completion --help"
      })
  void helpFitsATerminal(String command) {
    Cli.Outcome outcome = Cli.run((Object[]) command.split(" ")).succeeded();
    assertThat(outcome.out()).startsWith("Usage: sscam-engine");
    assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(outcome.out()).as("enum values as users write them").doesNotContain("_input");
  }

  @Test
  void explainsHelpShowsExamples() {
    assertThat(Cli.run("explain", "--help").out())
        .contains("Examples:", "sscam-engine explain photo.jpg", "masked-input", "paper-mean");
  }

  @Test
  void theVersionIsPrinted() {
    for (String command : new String[] {"", "explain ", "weights "}) {
      Cli.Outcome outcome = Cli.run((Object[]) (command + "--version").split(" ")).succeeded();
      assertThat(outcome.out()).matches("sscam-engine \\S.*\\R");
    }
  }

  @Test
  void completionIsAScript() {
    assertThat(Cli.run("generate-completion").succeeded().out())
        .startsWith("#!/usr/bin/env bash")
        .contains("_complete_sscam-engine", "--method");
  }

  @Test
  void devicesNamesTheCpu() {
    assertThat(Cli.run("devices").succeeded().out()).contains("cpu", "ready: oneDNN", "cuda");
  }

  @Test
  void weightsListNamesTheNetsAndTheCache() {
    assertThat(Cli.run("weights", "list").succeeded().out())
        .contains("resnet18", "vgg16", "squeezenet1_0", "demo", "built in", "cache: ");
  }
}
