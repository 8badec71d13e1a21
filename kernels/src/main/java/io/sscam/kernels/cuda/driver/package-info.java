/**
 * What the CUDA driver gives, as objects that are owned and closed: one call below, {@code
 * jcuda.driver.JCudaDriver}; statuses become {@link io.sscam.kernels.cuda.driver.CudaFailure}. The
 * CUDA runtime library is not used.
 */
@NullMarked
package io.sscam.kernels.cuda.driver;

import org.jspecify.annotations.NullMarked;
