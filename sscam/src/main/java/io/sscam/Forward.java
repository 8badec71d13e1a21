package io.sscam;

import io.sscam.engine.backend.Tensor;

/**
 * What the net says of the picture itself.
 *
 * @param logits (classes)
 * @param image X (C, H, W)
 * @param maps A (K, h, w), the target layer's output
 */
record Forward(float[] logits, Tensor image, Tensor maps) {

  int channels() {
    return maps.shape().dim(0);
  }
}
