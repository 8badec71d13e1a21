package io.sscam.kernels.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** A device address in the form that JCuda's calls take; it owns nothing. */
public final class DevicePointer extends CUdeviceptr {

  /** Wraps an address, which may lie inside an allocation. */
  public DevicePointer(long address) {
    super(new CUdeviceptr(), address);
  }
}
