/**
 * The kernel laboratory: a user's own CUDA C++ in place of one of the project's kernels, compiled,
 * checked and timed beside it.
 */
@NullMarked
package io.sscam.kernels.cuda.lab;

import org.jspecify.annotations.NullMarked;
