package io.sscam.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pictures of a data set are taken, the same on every machine. */
public final class Selection {
  private Selection() {}

  /**
   * Takes some samples.
   *
   * @param limit the most to take, or null for all
   * @param shuffleSeed draws at random: the order is that of SHA-256 of the seed and the id; null
   *     keeps the order of the ids
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public static List<Sample> of(DataSet set, @Nullable Integer limit, @Nullable Long shuffleSeed) {
    if (limit != null && limit < 0) {
      throw new IllegalArgumentException("no set has " + limit + " pictures");
    }
    List<Sample> chosen = new ArrayList<>(set.samples());
    if (shuffleSeed != null) {
      Map<String, String> keys = new HashMap<>();
      chosen.forEach(sample -> keys.put(sample.id(), sha256(shuffleSeed + "\n" + sample.id())));
      chosen.sort(Comparator.comparing(sample -> keys.getOrDefault(sample.id(), "")));
    }
    return List.copyOf(limit == null || limit >= chosen.size() ? chosen : chosen.subList(0, limit));
  }

  /**
   * Every {@code count}-th sample.
   *
   * @param index 1 … count
   * @throws IllegalArgumentException if it is not
   */
  public static List<Sample> shard(List<Sample> samples, int index, int count) {
    if (index < 1 || index > count) {
      throw new IllegalArgumentException("there is no shard " + index + " of " + count);
    }
    List<Sample> part = new ArrayList<>();
    for (int i = index - 1; i < samples.size(); i += count) {
      part.add(samples.get(i));
    }
    return part;
  }

  /** SHA-256 of the ids in their order, a line each, in hexadecimal. */
  public static String digest(List<Sample> samples) {
    StringBuilder text = new StringBuilder();
    samples.forEach(sample -> text.append(sample.id()).append('\n'));
    return sha256(text.toString());
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
