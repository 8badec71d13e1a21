package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Decoding and preprocessing of real photos against Pillow and torchvision, to the byte. */
class FixturePhotosTest {
  private static final String[] PHOTOS = {
    "12_house_finch.jpg",
    "162_beagle.jpg",
    "387_lesser_panda.jpg",
    "512_corkscrew.jpg",
    "562_fountain.jpg",
    "812_space_shuttle.jpg"
  };

  @Test
  void decodedAndCroppedPhotosEqualTheFixturesToTheByte() throws IOException {
    Fixture fixture = new Fixture(TestFiles.shared("fixtures/real/preprocess.safetensors"));
    ByteBuffer crops = fixture.tensor("crop_u8");
    ByteBuffer sizes = fixture.tensor("decoded_size_wh");
    ByteBuffer sums = fixture.tensor("decoded_channel_sum");
    for (String photo : PHOTOS) {
      RgbImage image = ImageReader.read(TestFiles.shared("images/classify/" + photo)).image();
      assertThat(image.width()).isEqualTo(sizes.getInt());
      assertThat(image.height()).isEqualTo(sizes.getInt());
      assertThat(channelSums(image))
          .containsExactly(sums.getLong(), sums.getLong(), sums.getLong());
      var result = Preprocess.apply(image, Preprocess.Mode.IMAGENET, 224, 224);
      byte[] crop = new byte[224 * 224 * 3];
      crops.get(crop);
      assertThat(result.pixels().toArray()).as(photo).isEqualTo(crop);
    }
  }

  @Test
  void theFirstPhotoIsNormalisedToTheBit() throws IOException {
    Fixture fixture = new Fixture(TestFiles.shared("fixtures/real/preprocess.safetensors"));
    RgbImage image = ImageReader.read(TestFiles.shared("images/classify/" + PHOTOS[0])).image();
    byte[] decoded = new byte[image.width() * image.height() * 3];
    fixture.tensor("decoded_u8_0").get(decoded);
    assertThat(image.toArray()).isEqualTo(decoded);
    float[] expected = new float[3 * 224 * 224];
    fixture.tensor("tensor_0").asFloatBuffer().get(expected);
    float[] tensor = Preprocess.apply(image, Preprocess.Mode.IMAGENET, 224, 224).tensor().data();
    assertThat(tensor).isEqualTo(expected);
  }

  private static long[] channelSums(RgbImage image) {
    long[] sums = new long[3];
    byte[] samples = image.toArray();
    for (int i = 0; i < samples.length; i++) {
      sums[i % 3] += samples[i] & 255;
    }
    return sums;
  }

  /** Just enough of safetensors for this test, so that it does not lean on the code of weights. */
  private static final class Fixture {
    private final byte[] bytes;
    private final int dataStart;
    private final JsonNode header;

    Fixture(Path file) throws IOException {
      bytes = Files.readAllBytes(file);
      int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
      dataStart = 8 + length;
      header = new ObjectMapper().readTree(Arrays.copyOfRange(bytes, 8, dataStart));
    }

    ByteBuffer tensor(String name) {
      JsonNode offsets = header.path(name).path("data_offsets");
      int from = dataStart + offsets.path(0).asInt();
      int to = dataStart + offsets.path(1).asInt();
      return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
