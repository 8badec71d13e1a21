package io.sscam.image;

/**
 * What a picture file was.
 *
 * @param format {@code JPEG}, {@code PNG}, {@code BMP}, {@code GIF} or {@code TIFF}
 * @param storedWidth pixels across as stored, before the orientation was applied
 * @param storedHeight pixels down as stored
 * @param orientation the EXIF orientation that was applied, 1 (as stored) to 8
 * @param colour the samples as stored: {@code grey 16-bit}, {@code palette}, {@code CMYK 8-bit}, …
 */
public record ImageInfo(
    String format, int storedWidth, int storedHeight, int orientation, String colour) {}
