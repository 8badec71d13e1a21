package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DevicePointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/** cuBLAS on one stream, for the products that nets need. */
public final class CublasHandle implements AutoCloseable {
  private final cublasHandle handle = new cublasHandle();
  private boolean closed;

  private CublasHandle() {
    check(JCublas2.cublasCreate(handle), "cublasCreate");
  }

  /** Opens the library in the current context and ties it to a stream. */
  public static CublasHandle create(CudaStream stream) {
    CublasHandle created = new CublasHandle();
    try {
      cudaStream_t queue = new cudaStream_t(stream.handle());
      check(JCublas2.cublasSetStream(created.handle, queue), "cublasSetStream");
      return created;
    } catch (RuntimeException e) {
      created.close();
      throw e;
    }
  }

  /** The library's version, such as 120600. */
  public int version() {
    int[] version = new int[1];
    check(JCublas2.cublasGetVersion(handle(), version), "cublasGetVersion");
    return version[0];
  }

  /**
   * A product of row-major matrices: x (n, k), its rows {@code stride} elements apart, times the
   * transposed w (m, k) → y (n, m).
   *
   * @param half whether y is float16; x and w are of the precision's type
   */
  record Product(int n, int m, int k, int stride, Precision precision, boolean half) {}

  /** Queues y = x wᵀ, its scratch in memory of ours so that it can be captured. */
  void multiply(Product p, long x, long w, long y, long workspace, long workspaceBytes) {
    prepare(p.precision, workspace, workspaceBytes);
    int type = p.precision == Precision.FP16 ? cudaDataType.CUDA_R_16F : cudaDataType.CUDA_R_32F;
    // cuBLAS counts by columns: our rows are its columns, so it computes yᵀ = w xᵀ.
    check(
        JCublas2.cublasGemmEx_new(
            handle,
            cublasOperation.CUBLAS_OP_T,
            cublasOperation.CUBLAS_OP_N,
            p.m,
            p.n,
            p.k,
            Scalars.ONE,
            new DevicePointer(w),
            type,
            p.k,
            new DevicePointer(x),
            type,
            p.stride,
            Scalars.ZERO,
            new DevicePointer(y),
            p.half ? cudaDataType.CUDA_R_16F : cudaDataType.CUDA_R_32F,
            p.m,
            compute(p.precision),
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
        "cublasGemmEx",
        p);
  }

  /**
   * Queues y = xᵀ w, all float32: x (m), w (m, k) row-major, y (k).
   *
   * @param precision FP32, or TF32
   */
  void combineRows(
      int m,
      int k,
      Precision precision,
      long x,
      long w,
      long y,
      long workspace,
      long workspaceBytes) {
    prepare(precision, workspace, workspaceBytes);
    // wᵀ is what cuBLAS sees in w.
    check(
        JCublas2.cublasGemmEx_new(
            handle,
            cublasOperation.CUBLAS_OP_N,
            cublasOperation.CUBLAS_OP_N,
            k,
            1,
            m,
            Scalars.ONE,
            new DevicePointer(w),
            cudaDataType.CUDA_R_32F,
            k,
            new DevicePointer(x),
            cudaDataType.CUDA_R_32F,
            m,
            Scalars.ZERO,
            new DevicePointer(y),
            cudaDataType.CUDA_R_32F,
            k,
            compute(precision),
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
        "cublasGemmEx",
        m + " rows of " + k);
  }

  private void prepare(Precision precision, long workspace, long workspaceBytes) {
    DevicePointer scratch = new DevicePointer(workspace);
    check(
        JCublas2.cublasSetWorkspace(handle(), scratch, workspaceBytes),
        "cublasSetWorkspace",
        workspaceBytes + " bytes");
    check(JCublas2.cublasSetMathMode(handle, math(precision)), "cublasSetMathMode");
  }

  /** Sums of float16 products stay float32 also where a product is split. */
  private static int math(Precision precision) {
    return precision == Precision.FP16
        ? cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION
        : cublasMath.CUBLAS_DEFAULT_MATH;
  }

  /** Pedantic: no TF32 and no emulation, whatever the environment says. */
  private static int compute(Precision precision) {
    return switch (precision) {
      case FP32 -> cublasComputeType.CUBLAS_COMPUTE_32F_PEDANTIC;
      case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
      case FP16 -> cublasComputeType.CUBLAS_COMPUTE_32F;
      case BF16 -> throw new IllegalStateException("refused when the net was loaded");
    };
  }

  private cublasHandle handle() {
    if (closed) {
      throw new IllegalStateException("cuBLAS was used after its handle was closed");
    }
    return handle;
  }

  private static void check(int status, String function, Object... arguments) {
    if (status != 0) {
      String call = function + "(" + (arguments.length == 0 ? "" : arguments[0]) + ")";
      String meaning = JCublas2.cublasGetStatusString(status) + " (" + status + ")";
      if (status == cublasStatus.CUBLAS_STATUS_ALLOC_FAILED) {
        throw new OutOfDeviceMemoryException(call + ": " + meaning);
      }
      throw new CudaFailure(call, status, meaning);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      check(JCublas2.cublasDestroy(handle), "cublasDestroy");
    }
  }
}
