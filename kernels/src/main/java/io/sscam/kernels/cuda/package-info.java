/**
 * The engine's contract on an NVIDIA GPU. JCuda, JCudnn and JCublas are used below this package
 * only, and none of their types leaves it.
 */
@NullMarked
package io.sscam.kernels.cuda;

import org.jspecify.annotations.NullMarked;
