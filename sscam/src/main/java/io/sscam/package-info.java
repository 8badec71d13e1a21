/** The embedding API: load a model, explain a picture, read the result. */
@NullMarked
package io.sscam;

import org.jspecify.annotations.NullMarked;
