package io.sscam.bench.cli;

import static io.sscam.bench.cli.ExitCode.BAD_INPUT;
import static io.sscam.bench.cli.ExitCode.WRONG_USE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.weights.DType;
import io.sscam.weights.DemoWeights;
import io.sscam.weights.SafetensorsWriter;
import io.sscam.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weight files that do not serve are refused by name; good ones work. */
final class BadWeightsTest {
  @TempDir private Path temp;
  private Path out;
  private Path photo;
  private Path weights;

  @BeforeEach
  void files() throws IOException {
    out = temp.resolve("out");
    photo = Pictures.good(temp, "photo.png");
    weights = temp.resolve("net.safetensors");
  }

  private static Map<String, HostTensor> demo() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    try (WeightFile file = DemoWeights.open()) {
      file.names().forEach(name -> tensors.put(name, file.read(name)));
    }
    return tensors;
  }

  private void write(Map<String, HostTensor> tensors) {
    SafetensorsWriter.write(weights, tensors, Map.of(), DType.F16);
  }

  private Cli.Outcome explain(String model, Object... more) {
    Object[] args = {"--model", model, "--weights", weights, photo};
    Object[] all = Arrays.copyOf(more, more.length + args.length);
    System.arraycopy(args, 0, all, more.length, args.length);
    return Cli.explain(out, all);
  }

  private void refuses(String model, String... words) {
    explain(model).refusedWithout(out, BAD_INPUT, words);
    Cli.run("classify", "--format", "json", "--model", model, "--weights", weights, photo)
        .refused(BAD_INPUT, words);
  }

  @Test
  void goodOnesWork() {
    write(demo());
    explain("squeezenet1_0").succeeded();
    assertThat(Cli.files(out)).containsExactly("photo.cam.json", "photo.cam.png");
  }

  @Test
  void theNetFollowsFromTheNames() throws IOException {
    write(demo());
    Cli.explain(out, "--weights", weights, photo).succeeded();
    assertThat(Files.readString(out.resolve("photo.cam.json")))
        .contains("\"run\":{", "\"model\":\"squeezenet1_0\"", "\"weights\":\"" + weights);
  }

  @Test
  void ofAnotherNet() {
    write(demo());
    refuses("resnet18", weights.toString(), "resnet18", "layer1.0.conv1.weight");
  }

  @Test
  void truncated() throws IOException {
    write(demo());
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    refuses("squeezenet1_0", weights.toString());
  }

  @Test
  void notANumber() {
    Map<String, HostTensor> tensors = demo();
    tensors.get("features.3.squeeze.weight").data()[5] = Float.NaN;
    write(tensors);
    refuses("squeezenet1_0", weights.toString(), "features.3.squeeze.weight", "NaN");
  }

  @Test
  void missing() {
    refuses("squeezenet1_0", weights.toString(), "no such file");
  }

  @Test
  void aFolder() throws IOException {
    Files.createDirectory(weights);
    refuses("squeezenet1_0", weights.toString());
  }

  @Test
  void aText() throws IOException {
    Files.writeString(weights, "These are not weights.\n");
    refuses("squeezenet1_0", weights.toString());
    Cli.run("weights", "inspect", weights).refused(BAD_INPUT, weights.toString());
  }

  @Test
  void namesAreShownWithoutControls() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("\u001b[31mred\nfits        resnet18", HostTensor.zeros(Shape.of(1)));
    tensors.put("n".repeat(4000), HostTensor.zeros(Shape.of(1)));
    SafetensorsWriter.write(weights, tensors, Map.of(), DType.F32);
    String out = Cli.run("weights", "inspect", weights).succeeded().out();
    assertThat(out).doesNotContain("\u001b").contains("red");
    assertThat(out.lines().filter(line -> line.startsWith("fits"))).hasSize(1);
    assertThat(out.lines()).allMatch(line -> line.length() < 500);
  }

  @Test
  void convertingABadFileLeavesNothing() throws IOException {
    Files.createDirectory(out);
    Cli.run("weights", "convert", weights, out.resolve("new.safetensors"))
        .refusedWithout(out, BAD_INPUT, weights.toString());
    Files.writeString(weights, "These are not weights.\n");
    Cli.run("weights", "convert", weights, out.resolve("new.safetensors"))
        .refusedWithout(out, BAD_INPUT, weights.toString());
  }

  @Test
  void convertingIntoNowhereNamesTheTarget() throws IOException {
    write(demo());
    Path nowhere = temp.resolve("nowhere").resolve("new.safetensors");
    Cli.run("weights", "convert", weights, nowhere)
        .refused(WRONG_USE, nowhere.toString(), "a folder that exists");
    Cli.run("weights", "convert", weights, temp)
        .refused(WRONG_USE, temp.toString(), "cannot be written");
  }

  @Test
  void aListOfClassNamesMustBeOneAndFit() throws IOException {
    Path names = temp.resolve("names.txt");
    Cli.explain(out, "--class-names", names, photo)
        .refusedWithout(out, BAD_INPUT, names.toString(), "one class name a line");
    Files.writeString(names, "dog\ncat\n");
    Cli.explain(out, "--class-names", names, photo)
        .refusedWithout(out, WRONG_USE, "has 2 lines, but the net has 20 classes");
  }
}
