/** Weights and pictures that every program can make for itself, with known results. */
@NullMarked
package io.sscam.engine.generated;

import org.jspecify.annotations.NullMarked;
