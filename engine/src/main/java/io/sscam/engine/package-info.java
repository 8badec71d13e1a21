/** Shapes, tensors, the graph of a net and the contract that every backend fulfils. */
@NullMarked
package io.sscam.engine;

import org.jspecify.annotations.NullMarked;
