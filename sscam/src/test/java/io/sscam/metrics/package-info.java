/** Tests of the measures, by hand and against slow implementations of their own. */
@NullMarked
package io.sscam.metrics;

import org.jspecify.annotations.NullMarked;
