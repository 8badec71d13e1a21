/** Nets on a CUDA GPU: cuDNN and cuBLAS, weights on the device, plans and captured runs. */
@NullMarked
package io.sscam.kernels.cuda.net;

import org.jspecify.annotations.NullMarked;
