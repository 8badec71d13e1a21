package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process measured arrives in the next as it was. */
class RecorderJsonTest {
  @TempDir private Path folder;

  @Test
  void roundTrip() throws IOException {
    Recorder.Row seldom = Recorder.Row.timed(Group.NETS, "vgg16", "batch 4", 1e9 / 3, 0.1, 4);
    Recorder.Row often = Recorder.Row.of(Group.SSCAM, "share", "", Measurement.PERCENT);
    Recorder recorder = new Recorder();
    recorder.sizes().products().put("product, 2 threads", 2048);
    recorder.sizes().batches().put("vgg16", 7);
    recorder.note("a \"note\"");
    recorder.add(often, 1.0 / 3, -7);
    recorder.nextRound();
    recorder.add(seldom, 2e-7);
    recorder.add(often, 5);
    recorder.nextRound();

    Path file = folder.resolve("state.json");
    RecorderJson.write(recorder, file);
    Recorder read = RecorderJson.read(file);
    assertThat(read.sizes()).isEqualTo(recorder.sizes());
    assertThat(read.notes()).isEqualTo(recorder.notes());
    assertThat(read.samples()).isEqualTo(recorder.samples());
    assertThat(read.round()).isEqualTo(2);
    assertThat(read.measurements()).isEqualTo(recorder.measurements());
  }
}
