/** Tests of an evaluation's log and summary. */
@NullMarked
package io.sscam.evaluate;

import org.jspecify.annotations.NullMarked;
