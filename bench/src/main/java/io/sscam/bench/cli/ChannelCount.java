package io.sscam.bench.cli;

import io.sscam.Scoring;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many channels are scored: a number from 1 on, or all. */
final class ChannelCount implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    if (text.equalsIgnoreCase("all")) {
      return Scoring.ALL_CHANNELS;
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new TypeConversionException("'" + text + "' is neither a number from 1 on nor \"all\"");
  }
}
