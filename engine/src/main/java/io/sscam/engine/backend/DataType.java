package io.sscam.engine.backend;

/** The type of a device tensor's elements. */
public enum DataType {
  F32,
  I32;

  /** Bytes per element. */
  public int bytes() {
    return 4;
  }
}
