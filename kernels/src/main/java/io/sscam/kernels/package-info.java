/** Everything that runs on a CUDA GPU. */
@NullMarked
package io.sscam.kernels;

import org.jspecify.annotations.NullMarked;
