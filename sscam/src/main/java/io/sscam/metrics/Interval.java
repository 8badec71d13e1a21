package io.sscam.metrics;

/**
 * A mean and its 95 % interval.
 *
 * @param n how many values it stands for, at least 1
 */
public record Interval(double mean, double low, double high, int n) {}
