package io.sscam.engine.backend;

/**
 * Where a backend computes.
 *
 * @param id what the user names it by: {@code cpu}, {@code cuda:0}
 * @param description the hardware and library in words, for people
 * @param threads host threads that compute
 */
public record Device(String id, String description, int threads) {}
