package io.sscam.nets;

public record RgbImage(int width, int height, byte[] rgb) {}
