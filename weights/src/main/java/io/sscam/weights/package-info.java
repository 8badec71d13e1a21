/** Weight files: safetensors, PyTorch checkpoints, the catalogue and its download cache. */
@NullMarked
package io.sscam.weights;

import org.jspecify.annotations.NullMarked;
