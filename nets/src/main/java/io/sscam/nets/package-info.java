/** ResNet-18, VGG-16 and SqueezeNet 1.0, their preprocessing and class names. */
@NullMarked
package io.sscam.nets;

import org.jspecify.annotations.NullMarked;
