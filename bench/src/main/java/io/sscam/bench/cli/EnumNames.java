package io.sscam.bench.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of an enum as users write them, {@code masked-input} for {@code MASKED_INPUT}; capital
 * letters and underscores are taken too.
 */
final class EnumNames<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  EnumNames(Class<E> type) {
    this.type = type;
  }

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public E convert(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> of(value).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "there is no \"" + text + "\"; use one of: " + String.join(", ", names())));
  }

  private List<String> names() {
    return Arrays.stream(type.getEnumConstants()).map(EnumNames::of).toList();
  }
}
