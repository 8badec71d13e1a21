package io.sscam.kernels.cuda.driver;

import jcuda.Pointer;

/** A host address in the form that JCuda's calls take; it owns nothing. */
final class HostPointer extends Pointer {
  HostPointer(long address) {
    super(address);
  }
}
