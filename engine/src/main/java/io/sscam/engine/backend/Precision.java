package io.sscam.engine.backend;

/** The arithmetic of a net's forward pass; always named, never changed in silence. */
public enum Precision {
  /** IEEE float32 throughout. */
  FP32
}
