package io.sscam.kernels.cuda.driver;

import java.util.List;

/** The libraries that the engine uses and does not bring along. */
public enum VendorLibrary {
  DRIVER("NVIDIA driver", "libcuda.so.1", "install NVIDIA's driver, version 525 or newer"),
  CUBLAS(
      "cuBLAS",
      "libcublas.so.12 libcublas.so.13",
      "install it (NVIDIA's packages: libcublas-12-6; Python's: nvidia-cublas-cu12)"),
  CUDNN(
      "cuDNN",
      "libcudnn.so.9",
      "install it (NVIDIA's packages: cudnn9-cuda-12; Python's: nvidia-cudnn-cu12)"),
  NVRTC(
      "NVRTC",
      "libnvrtc.so.12 libnvrtc.so.13",
      "only for kernels of your own; install it (NVIDIA's packages: cuda-nvrtc-12-6;"
          + " Python's: nvidia-cuda-nvrtc-cu12)");

  private final String title;
  private final String sonames;
  private final String mend;

  VendorLibrary(String title, String sonames, String mend) {
    this.title = title;
    this.sonames = sonames;
    this.mend = mend;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** The file names under which it is looked for, the preferred first. */
  public List<String> sonames() {
    return List.of(sonames.split(" ", -1));
  }

  /** What to do where it is missing. */
  public String mend() {
    return mend;
  }
}
