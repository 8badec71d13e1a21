package io.sscam.bench.measure;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.List;

/**
 * What a forward pass, or a layer of it, must do, counted from its graph.
 *
 * @param flops of one picture; a multiplication and an addition are two
 * @param weights elements of all parameters, read once a batch
 * @param activations elements of one picture that the layers read and write
 */
record GraphCost(double flops, double weights, double activations) {

  static GraphCost of(Graph graph) {
    return graph.layers().stream()
        .map(layer -> of(graph, layer))
        .reduce(new GraphCost(0, 0, 0), GraphCost::plus);
  }

  /** What one layer of the graph must do. */
  static GraphCost of(Graph graph, Layer layer) {
    List<Layer> layers = graph.layers();
    return new GraphCost(flops(layers, layer), weights(layers, layer), activations(layers, layer));
  }

  private GraphCost plus(GraphCost other) {
    return new GraphCost(
        flops + other.flops, weights + other.weights, activations + other.activations);
  }

  /** What one run on a batch moves at least, if nothing stays in a cache between two layers. */
  double bytes(int batch, int bytesPerElement) {
    return (weights + batch * activations) * bytesPerElement;
  }

  private static double flops(List<Layer> layers, Layer layer) {
    double outputs = layer.output().elements();
    if (layer instanceof Layer.Conv2d conv) {
      return 2 * outputs * layers.get(conv.input()).output().dim(0) * square(conv);
    }
    if (layer instanceof Layer.Linear linear) {
      return 2 * outputs * layers.get(linear.input()).output().elements();
    }
    if (layer instanceof Layer.MaxPool2d pool) {
      return outputs * pool.window().kernel() * pool.window().kernel();
    }
    if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
      return layers.get(pool.input()).output().elements();
    }
    return 0;
  }

  private static double weights(List<Layer> layers, Layer layer) {
    if (layer instanceof Layer.Conv2d conv) {
      double channels = conv.output().dim(0);
      return channels * (layers.get(conv.input()).output().dim(0) * square(conv) + 1);
    }
    if (layer instanceof Layer.Linear linear) {
      double features = linear.output().elements();
      return features * (layers.get(linear.input()).output().elements() + 1);
    }
    return 0;
  }

  /** A concat costs nothing: its inputs are written into their slices. */
  private static double activations(List<Layer> layers, Layer layer) {
    if (layer instanceof Layer.Concat || layer instanceof Layer.Input) {
      return 0;
    }
    double read = 0;
    for (int input : layer.inputs()) {
      read += layers.get(input).output().elements();
    }
    return read + layer.output().elements();
  }

  private static double square(Layer.Conv2d conv) {
    return (double) conv.window().kernel() * conv.window().kernel();
  }
}
