package io.sscam.bench.peers;

/** A net and its weights, loaded in one engine. */
interface PeerNet extends AutoCloseable {

  /** What it is called in files and tables. */
  String engine();

  /**
   * The net at one batch.
   *
   * @param input the pictures (batch, C, H, W); kept as they are in the engine's own memory
   */
  Forward forward(int batch, float[] input);

  @Override
  void close();
}
