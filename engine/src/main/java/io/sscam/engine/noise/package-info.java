/** The Gaussian noise of SS-CAM: Philox4x32-10 words turned into normals by Box and Muller. */
@NullMarked
package io.sscam.engine.noise;

import org.jspecify.annotations.NullMarked;
