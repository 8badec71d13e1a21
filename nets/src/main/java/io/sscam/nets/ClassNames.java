package io.sscam.nets;

import java.nio.file.Path;
import java.util.List;

public record ClassNames(List<String> names) {
  public static ClassNames of(List<String> n) {
    return new ClassNames(n);
  }

  public static ClassNames numbered(int n) {
    return new ClassNames(
        java.util.stream.IntStream.range(0, n).mapToObj(i -> "class " + i).toList());
  }

  public static ClassNames imagenet() {
    return numbered(1000);
  }

  @SuppressWarnings("DoNotCallSuggester")
  public static ClassNames read(Path p) {
    throw new IllegalStateException(p.toString());
  }

  public int size() {
    return names.size();
  }

  public String name(int i) {
    return names.get(i);
  }

  public int find(String s) {
    return names.indexOf(s);
  }
}
