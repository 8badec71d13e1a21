/** What an evaluation over a data set gave: the log of its results and their summary. */
@NullMarked
package io.sscam.evaluate;

import org.jspecify.annotations.NullMarked;
