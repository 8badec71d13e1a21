/** How good is a map: the measures of the paper and those that came after it. */
@NullMarked
package io.sscam.metrics;

import org.jspecify.annotations.NullMarked;
