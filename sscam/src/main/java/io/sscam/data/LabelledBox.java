package io.sscam.data;

import io.sscam.nets.Box;

/**
 * An object in a picture.
 *
 * @param name its class in the data set
 * @param box where it is, in pixels of the picture as it is seen (after EXIF orientation)
 */
public record LabelledBox(String name, Box box) {}
