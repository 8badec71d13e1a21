/** An evaluation as a page, as JSON and as CSV. */
@NullMarked
package io.sscam.evaluate.report;

import org.jspecify.annotations.NullMarked;
