package io.sscam.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The figures, for people and for programs.
 *
 * @param environment where it was measured
 * @param nets a net each
 */
record Report(Map<String, Object> environment, List<NetFigures> nets) {

  /**
   * One batch.
   *
   * @param peerMs median milliseconds a picture of ONNX Runtime
   * @param oursMs of ours
   * @param pairedRatio median of ONNX Runtime's turn ÷ our turn next to it
   * @param cpuRatio CPU time of ONNX Runtime, its spinning included, ÷ CPU time of ours
   */
  record BatchFigures(
      int batch, double peerMs, double oursMs, double pairedRatio, double cpuRatio, int rounds) {}

  /**
   * One net.
   *
   * @param difference largest difference of logits ÷ largest logit
   * @param maskBatch our best batch, at which SS-CAM was measured
   * @param maskMs milliseconds a scored mask
   * @param bareMs milliseconds a picture of the forward pass next to it
   * @param maskRatio median of the first ÷ the second, pair by pair
   * @param maskCpuRatio CPU time of the first ÷ CPU time of the second
   */
  record NetFigures(
      String net,
      double difference,
      List<BatchFigures> batches,
      int maskBatch,
      double maskMs,
      double bareMs,
      double maskRatio,
      double maskCpuRatio) {

    BatchFigures peerBest() {
      return batches.stream().min(Comparator.comparingDouble(BatchFigures::peerMs)).orElseThrow();
    }

    BatchFigures oursBest() {
      return best(batches);
    }

    double bestRatio() {
      return peerBest().peerMs() / oursBest().oursMs();
    }
  }

  static BatchFigures best(List<BatchFigures> batches) {
    return batches.stream().min(Comparator.comparingDouble(BatchFigures::oursMs)).orElseThrow();
  }

  /** Markdown, at most 100 columns. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("| net                | batch | ONNX Runtime | ours, ms | ORT ÷ ours |");
    lines.add("|--------------------|------:|-------------:|---------:|-----------:|");
    for (NetFigures net : nets) {
      for (BatchFigures b : net.batches) {
        lines.add(row(net.net, String.valueOf(b.batch), b.peerMs, b.oursMs, b.pairedRatio));
      }
      String batches = net.peerBest().batch + "/" + net.oursBest().batch;
      lines.add(
          row(
              net.net + " best",
              batches,
              net.peerBest().peerMs,
              net.oursBest().oursMs,
              net.bestRatio()));
    }
    lines.add("");
    String head = "| net                | batch | scored mask, ms | bare, ms | ratio ";
    String rule = "|--------------------|------:|----------------:|---------:|------:";
    lines.add(head + "| CPU ratio | logits ± |");
    lines.add(rule + "|----------:|---------:|");
    for (NetFigures n : nets) {
      lines.add(
          text(
              "| %-18s | %5d | %15.2f | %8.2f | %5.3f | %9.3f | %8.0e |",
              n.net, n.maskBatch, n.maskMs, n.bareMs, n.maskRatio, n.maskCpuRatio, n.difference));
    }
    return lines;
  }

  private static String row(String net, String batch, double peer, double ours, double ratio) {
    return text("| %-18s | %5s | %12.2f | %8.2f | %10.2f |", net, batch, peer, ours, ratio);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  void writeJson(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    mapper.writeValue(file.toFile(), this);
  }
}
