package io.sscam.image;

/**
 * Decoded samples on their way to a picture.
 *
 * @param width pixels across
 * @param height pixels down
 * @param rgb R G B, height × width × 3
 * @param colour what the samples were in the file
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never shared
record Pixels(int width, int height, byte[] rgb, String colour) {}
