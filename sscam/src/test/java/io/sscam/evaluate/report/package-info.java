/** Tests of an evaluation's reports. */
@NullMarked
package io.sscam.evaluate.report;

import org.jspecify.annotations.NullMarked;
