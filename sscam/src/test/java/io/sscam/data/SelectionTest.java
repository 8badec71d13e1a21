package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static DataSet pictures(int count) {
    return Made.set(IntStream.range(0, count).mapToObj("p%03d"::formatted).toArray(String[]::new));
  }

  @Test
  void withoutASeedItIsTheOrderOfTheIds() {
    DataSet set = Made.set("c", "a", "b");
    assertThat(Made.ids(Selection.of(set, null, null))).containsExactly("a", "b", "c");
    assertThat(Made.ids(Selection.of(set, 2, null))).containsExactly("a", "b");
    assertThat(Made.ids(Selection.of(set, 3, null))).containsExactly("a", "b", "c");
    assertThat(Made.ids(Selection.of(set, 4, null))).containsExactly("a", "b", "c");
    assertThat(Selection.of(set, 0, null)).isEmpty();
    assertThat(Selection.of(Made.set(), null, 1L)).isEmpty();
  }

  /**
   * From outside: {@code for i in a b c d; do printf '7\n%s' $i | sha256sum; done | sort} with the
   * ids beside the sums.
   */
  @Test
  void theDrawIsThatOfSha256() {
    DataSet set = Made.set("a", "b", "c", "d");
    assertThat(Made.ids(Selection.of(set, null, 7L))).containsExactly("c", "d", "b", "a");
  }

  @Test
  void theDrawDoesNotDependOnTheOrderOfTheFiles() {
    List<String> ids = new ArrayList<>(Made.ids(pictures(100).samples()));
    List<String> drawn = Made.ids(Selection.of(pictures(100), null, 3L));
    Collections.reverse(ids);
    DataSet reversed = Made.set(ids.toArray(String[]::new));
    assertThat(Made.ids(Selection.of(reversed, null, 3L))).isEqualTo(drawn);
    assertThat(drawn).isNotEqualTo(Made.ids(pictures(100).samples()));
    assertThat(Made.ids(Selection.of(pictures(100), null, 4L))).isNotEqualTo(drawn);
  }

  @Property(tries = 100)
  void ofALimitTheFirstAreTaken(
      @ForAll @IntRange(max = 60) int count, @ForAll @IntRange(max = 70) int limit) {
    List<String> all = Made.ids(Selection.of(pictures(count), null, 11L));
    assertThat(all).doesNotHaveDuplicates().hasSize(count);
    assertThat(Made.ids(Selection.of(pictures(count), limit, 11L)))
        .isEqualTo(all.subList(0, Math.min(limit, count)));
  }

  @Property(tries = 200)
  void shardsAreAPartition(
      @ForAll @IntRange(max = 60) int count, @ForAll @IntRange(min = 1, max = 70) int shards) {
    List<Sample> all = pictures(count).samples();
    Set<String> seen = new HashSet<>();
    for (int index = 1; index <= shards; index++) {
      List<Sample> shard = Selection.shard(all, index, shards);
      assertThat(shard.size()).isBetween(count / shards, (count + shards - 1) / shards);
      shard.forEach(sample -> assertThat(seen.add(sample.id())).isTrue());
    }
    assertThat(seen).hasSize(count);
  }

  @Test
  void shardsTakeTurns() {
    List<Sample> all = pictures(5).samples();
    assertThat(Made.ids(Selection.shard(all, 1, 2))).containsExactly("p000", "p002", "p004");
    assertThat(Made.ids(Selection.shard(all, 2, 2))).containsExactly("p001", "p003");
  }

  @Test
  void whatIsNoShardOrLimitIsRefused() {
    List<Sample> all = pictures(5).samples();
    for (int[] shard : new int[][] {{0, 2}, {3, 2}, {1, 0}, {0, 0}, {-1, 2}, {1, -1}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Selection.shard(all, shard[0], shard[1]))
          .withMessageContaining("shard");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.of(pictures(5), -1, null))
        .withMessageContaining("-1");
  }

  @Test
  void theDigestIsThatOfTheLines() {
    // printf 'a\nb\n' | sha256sum
    assertThat(Selection.digest(Made.set("b", "a").samples()))
        .isEqualTo("911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2");
    assertThat(Selection.digest(List.of()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
