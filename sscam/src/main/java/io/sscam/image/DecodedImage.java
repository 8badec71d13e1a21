package io.sscam.image;

import io.sscam.nets.RgbImage;

/**
 * A picture as a person sees it, and what its file was.
 *
 * @param image the pixels: orientation applied, alpha over white
 * @param info the file's facts
 */
public record DecodedImage(RgbImage image, ImageInfo info) {}
