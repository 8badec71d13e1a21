package io.sscam.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardMergeTest {
  private static final Variant ONE = Made.variant("one", 1);

  @TempDir Path folder;

  private Path shard(String name, int index, int count, int total, String... pictures)
      throws IOException {
    Path file = folder.resolve(name);
    RunSettings settings =
        Made.settings(new RunSettings.Shard(index, count, pictures.length), total, ONE);
    try (ResultLog log = ResultLog.create(file, settings)) {
      for (String picture : pictures) {
        log.append(Made.outcomes(picture, settings));
      }
    }
    return file;
  }

  @Test
  void shardsMergeInAnyOrder() throws IOException {
    Path first = shard("1", 1, 2, 3, "a", "c");
    Path second = shard("2", 2, 2, 3, "b");

    Results merged = ResultLog.merge(List.of(second, first));

    assertThat(merged.settings()).isEqualTo(Made.settings(3, ONE));
    assertThat(merged.outcomes()).extracting(Outcome::picture).containsExactly("a", "c", "b");
    assertThat(merged.complete()).isTrue();
  }

  @Test
  void missingAndDoubleShardsAreNamed() throws IOException {
    Path first = shard("1", 1, 3, 3, "a");
    Path again = shard("1b", 1, 3, 3, "a");
    Path third = shard("3", 3, 3, 3, "c");

    assertThatThrownBy(() -> ResultLog.merge(List.of(first)))
        .hasMessage(first + ": without shard 2/3, 3/3; name the log of every shard");
    assertThatThrownBy(() -> ResultLog.merge(List.of(third, first, again)))
        .hasMessageContaining("shard 1/3 is given twice, also as " + first);
    assertThatThrownBy(() -> ResultLog.merge(List.of())).isInstanceOf(ResultLogException.class);
  }

  @Test
  void shardsOfOtherRunsAreRefused() throws IOException {
    Path first = shard("1", 1, 2, 3, "a", "c");
    Path other = shard("2", 2, 2, 4, "b");
    Path otherCount = shard("3", 2, 3, 3, "b");

    assertThatThrownBy(() -> ResultLog.merge(List.of(first, other)))
        .hasMessageContaining("data.pictures is 3 here and 4 there");
    assertThatThrownBy(() -> ResultLog.merge(List.of(first, otherCount)))
        .hasMessageContaining("shard.count is 2 here and 3 there");
  }

  @Test
  void onePictureInTwoShardsIsRefused() throws IOException {
    Path first = shard("1", 1, 2, 3, "a", "c");
    Path second = shard("2", 2, 2, 3, "a");

    assertThatThrownBy(() -> ResultLog.merge(List.of(first, second)))
        .hasMessageContaining("picture a stands in two shards");
  }

  @Test
  void anUnfinishedShardIsNamed() throws IOException {
    Path whole = shard("1", 1, 2, 3, "a", "c");
    Path open = folder.resolve("2");
    RunSettings settings = Made.settings(new RunSettings.Shard(2, 2, 1), 3, ONE);
    ResultLog.create(open, settings).close();

    assertThatThrownBy(() -> ResultLog.merge(List.of(whole, open)))
        .hasMessage(open + ": holds 0 of its 1 pictures; resume it first");
  }
}
