/** Tests of the metrics. */
@NullMarked
package io.sscam.metrics;

import org.jspecify.annotations.NullMarked;
