package io.sscam.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Joins the logs of a run's shards into one set of results. */
final class ShardMerge {
  private ShardMerge() {}

  static Results merge(List<Path> files) throws ResultLogException {
    if (files.isEmpty()) {
      throw new ResultLogException("no log", "nothing to merge", "name the log of every shard");
    }
    Map<Integer, Path> owners = new HashMap<>();
    Map<Integer, Results> shards = new TreeMap<>(); // in order, whatever order they come in
    Path first = files.get(0);
    RunSettings settings = null;
    for (Path file : files) {
      Results shard = ResultLog.read(file);
      settings = settings == null ? shard.settings() : settings;
      require(file, shard, first, settings);
      int index = shard.settings().shard().index();
      Path other = owners.put(index, file);
      if (other != null) {
        throw new ResultLogException(
            file,
            "shard %s is given twice, also as %s".formatted(shard.settings().shard(), other),
            "name each shard once");
      }
      shards.put(index, shard);
    }
    return join(first, shards);
  }

  private static void require(Path file, Results shard, Path first, RunSettings settings)
      throws ResultLogException {
    Optional<String> difference = settings.firstDifference(shard.settings(), false);
    if (settings.shard().count() != shard.settings().shard().count()) {
      difference =
          Optional.of(
              "shard.count is %d here and %d there"
                  .formatted(settings.shard().count(), shard.settings().shard().count()));
    }
    if (difference.isPresent()) {
      throw new ResultLogException(
          file,
          "not of the same run as %s (here): %s".formatted(first, difference.get()),
          "merge only the shards of one run");
    }
    if (!shard.complete()) {
      throw new ResultLogException(
          file,
          "holds %d of its %d pictures"
              .formatted(shard.pictures(), shard.settings().shard().pictures()),
          "resume it first");
    }
  }

  private static Results join(Path first, Map<Integer, Results> shards) throws ResultLogException {
    Results any = shards.values().iterator().next();
    int count = any.settings().shard().count();
    List<String> missing =
        IntStream.rangeClosed(1, count)
            .filter(index -> !shards.containsKey(index))
            .mapToObj(index -> index + "/" + count)
            .toList();
    if (!missing.isEmpty()) {
      throw new ResultLogException(
          first, "without shard " + String.join(", ", missing), "name the log of every shard");
    }
    List<Outcome> outcomes = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String firstVariant = any.settings().variants().get(0).id();
    for (Results shard : shards.values()) {
      outcomes.addAll(shard.outcomes());
      skipped.addAll(shard.skipped());
      for (String picture : pictures(shard, firstVariant)) {
        if (!seen.add(picture)) {
          throw new ResultLogException(
              first,
              "picture %s stands in two shards, %s among them"
                  .formatted(picture, shard.settings().shard()),
              "merge only the shards of one run");
        }
      }
    }
    if (seen.size() != any.settings().data().pictures()) {
      throw new ResultLogException(
          first,
          "the shards hold %d of %d pictures"
              .formatted(seen.size(), any.settings().data().pictures()),
          "run the shards again");
    }
    return new Results(any.settings().whole(), outcomes, skipped);
  }

  private static List<String> pictures(Results shard, String variant) {
    List<String> pictures = new ArrayList<>();
    shard.outcomes().stream()
        .filter(outcome -> outcome.variant().equals(variant))
        .forEach(outcome -> pictures.add(outcome.picture()));
    shard.skipped().forEach(one -> pictures.add(one.picture()));
    return pictures;
  }
}
