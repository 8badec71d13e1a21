package io.sscam;

/**
 * One class as the net sees a picture.
 *
 * @param classIndex number of the class
 * @param className its name
 * @param logit before softmax
 * @param probability after softmax
 */
public record Prediction(int classIndex, String className, double logit, double probability) {}
