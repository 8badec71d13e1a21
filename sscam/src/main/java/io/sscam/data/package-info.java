/**
 * Data sets of labelled pictures with boxes: PASCAL VOC, Stanford 40 Actions, ILSVRC 2012, a folder
 * with a CSV file, and the demo model's own. All files are a stranger's: sizes are limited before
 * anything is reserved, and no path leaves the folder that the user named.
 */
@NullMarked
package io.sscam.data;

import org.jspecify.annotations.NullMarked;
