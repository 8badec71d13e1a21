package io.sscam.engine.noise;

/**
 * Successive samples of one channel.
 *
 * @param channel k, the channel of the target layer
 * @param first i of the first of them
 */
public record Samples(long seed, int channel, int first, int count) {}
