/**
 * The project's kernels: one {@code .cu} an operation and beside it the class that launches it,
 * which alone knows grid, block and the order of the arguments.
 */
@NullMarked
package io.sscam.kernels.cuda.op;

import org.jspecify.annotations.NullMarked;
