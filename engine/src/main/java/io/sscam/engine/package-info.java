/** Shapes, host tensors and where weights are read from. */
@NullMarked
package io.sscam.engine;

import org.jspecify.annotations.NullMarked;
