/** Pictures in and out: files to RGB, and heatmaps to overlays, grids, PNG and NumPy files. */
@NullMarked
package io.sscam.image;

import org.jspecify.annotations.NullMarked;
