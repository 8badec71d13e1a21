/** Results as files that people and programs read. */
@NullMarked
package io.sscam.report;

import org.jspecify.annotations.NullMarked;
