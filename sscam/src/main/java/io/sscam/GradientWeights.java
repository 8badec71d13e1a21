package io.sscam;

/**
 * Weights of channels from the gradient g = ∂y^c/∂A of a logit, in double.
 *
 * <p>Grad-CAM: Selvaraju et al., arXiv 1610.02391. Grad-CAM++: Chattopadhyay et al., arXiv
 * 1710.11063, with the closed form for the exponential of the logit, as in its authors' code.
 */
final class GradientWeights {
  private GradientWeights() {}

  /**
   * α_k = mean over (y, x) of g.
   *
   * @param gradient (K, h, w)
   * @param channels K
   */
  static float[] gradCam(float[] gradient, int channels) {
    int plane = gradient.length / channels;
    float[] alpha = new float[channels];
    for (int k = 0; k < channels; k++) {
      double sum = 0;
      for (int e = k * plane; e < (k + 1) * plane; e++) {
        sum += gradient[e];
      }
      alpha[k] = (float) (sum / plane);
    }
    return alpha;
  }

  /**
   * α_k = Σ_{y,x} g² / (2g² + g³ Σ_{y,x} A_k) · ReLU(g), where 0/0 counts as 0.
   *
   * @param activation A (K, h, w)
   * @param gradient (K, h, w)
   * @param channels K
   */
  static float[] gradCamPlusPlus(float[] activation, float[] gradient, int channels) {
    int plane = gradient.length / channels;
    float[] alpha = new float[channels];
    for (int k = 0; k < channels; k++) {
      double total = 0;
      for (int e = k * plane; e < (k + 1) * plane; e++) {
        total += activation[e];
      }
      double sum = 0;
      for (int e = k * plane; e < (k + 1) * plane; e++) {
        double g = gradient[e];
        double squared = g * g;
        double denominator = 2 * squared + squared * g * total;
        sum += denominator == 0 || g <= 0 ? 0 : squared / denominator * g;
      }
      alpha[k] = (float) sum;
    }
    return alpha;
  }
}
