package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.cuda.op.OpModules;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A context with a stream; at the end nothing may be left and nothing have been complained of. */
final class DriverFixture implements AutoCloseable {
  final CudaContext context;
  final CudaStream stream;

  DriverFixture() {
    SoftwareDevice.install();
    CudaLibraries.load();
    if (!SoftwareDevice.realDevice()) {
      SoftwareDevice.reset();
    }
    context = CudaContext.retain(0);
    stream = CudaStream.create(context);
  }

  DeviceMemory memory(long bytes) {
    return DeviceMemory.allocate(context, "test memory", bytes);
  }

  /** The project's own kernels of one file. */
  CudaModule module(String name) {
    try (InputStream in =
        OpModules.class.getResourceAsStream("/io/sscam/kernels/ptx/" + name + ".ptx")) {
      return CudaModule.load(context, name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(long address, int... words) {
    try (PinnedMemory pinned = PinnedMemory.allocate(context, 4L * words.length)) {
      pinned.buffer().asIntBuffer().put(words);
      Copies.toDevice(stream, pinned, 0, address, 4L * words.length);
      stream.synchronise();
    }
  }

  int[] read(long address, int words) {
    try (PinnedMemory pinned = PinnedMemory.allocate(context, 4L * words)) {
      Copies.toHost(stream, address, pinned, 0, 4L * words);
      stream.synchronise();
      int[] result = new int[words];
      pinned.buffer().asIntBuffer().get(result);
      return result;
    }
  }

  @Override
  public void close() {
    stream.close();
    context.close();
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.complaints()).as("complaints").isEmpty();
      assertThat(SoftwareDevice.liveBytes()).as("bytes on the device").isZero();
      assertThat(SoftwareDevice.liveObjects()).as("objects").isZero();
      SoftwareDevice.reset();
    }
  }
}
