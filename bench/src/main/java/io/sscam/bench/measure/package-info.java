/** Measures what this machine can do and how near the engine comes to it. */
@NullMarked
package io.sscam.bench.measure;

import org.jspecify.annotations.NullMarked;
