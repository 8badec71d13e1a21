package io.sscam.kernels.cuda.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values recorded so far, in the form that a layer wants to read. In float32 nets there is only
 * one; in float16 nets a value may lie as N H W C with padded channels (the input), as N H W C, or
 * as rows C H W (what a Linear reads and an adaptive pool gives). Each change of form is recorded
 * once, when it is first wanted.
 */
final class ValueForms {
  private final NetKernels kernels;
  private final PlanMemory memory;
  private final int pictures;
  private final Map<Integer, Operand> stored = new HashMap<>();
  private final Map<Integer, Operand> pictureForms = new HashMap<>();
  private final Map<Integer, Operand> rowForms = new HashMap<>();

  ValueForms(NetKernels kernels, PlanMemory memory, int pictures) {
    this.kernels = kernels;
    this.memory = memory;
    this.pictures = pictures;
  }

  void put(int id, Operand value) {
    stored.put(id, value);
  }

  /** The value as its layer wrote it. */
  Operand asStored(int id) {
    Operand value = stored.get(id);
    if (value == null) {
      throw new IllegalStateException("value " + id + " is read before it is there");
    }
    return value;
  }

  /** Packed, and channels last in float16. */
  Operand picture(int id) {
    Operand known = pictureForms.get(id);
    if (known == null) {
      known = toPicture(asStored(id));
      pictureForms.put(id, known);
    }
    return known;
  }

  private Operand toPicture(Operand value) {
    if (!value.half() || (value.isPacked() && (value.channelsLast() || value.plane() == 1))) {
      return value;
    }
    // By way of float32, for which there are kernels; real nets do not come here.
    Operand floats = memory.allocate(form(value, false, false), pictures);
    memory.step(
        List.of(value, floats),
        at ->
            new KernelStep(
                "kernel nhwc_f16_to_nchw_f32",
                () -> kernels.toFloat(value, pictures, at.whole(value), at.of(floats))));
    Operand result = memory.allocate(form(value, true, true), pictures);
    memory.step(
        List.of(floats, result),
        at ->
            new KernelStep(
                "kernel nchw_f32_to_nhwc_f16",
                () ->
                    kernels.toChannelsLast(
                        at.of(floats),
                        pictures,
                        result.channels(),
                        result.plane(),
                        result.channels(),
                        at.of(result))));
    return result;
  }

  /** In the order C H W. */
  Operand rows(int id) {
    Operand known = rowForms.get(id);
    if (known == null) {
      known = toRows(id);
      rowForms.put(id, known);
    }
    return known;
  }

  private Operand toRows(int id) {
    Operand value = asStored(id);
    if (value.isPacked() && (!value.channelsLast() || value.plane() == 1)) {
      return value;
    }
    Operand from = picture(id);
    Operand result = memory.allocate(form(value, value.half(), false), pictures);
    // Means of single elements: the kernel then only changes the order.
    memory.step(
        List.of(from, result),
        at ->
            new KernelStep(
                "kernel adaptive_avg_pool as a change of order",
                () ->
                    kernels.adaptiveAvgPool(
                        from,
                        pictures,
                        at.of(from),
                        at.of(result),
                        result.height(),
                        result.width())));
    return result;
  }

  private static Operand form(Operand value, boolean half, boolean channelsLast) {
    int channels = value.channels();
    return new Operand(
        null, 0, half, channelsLast, channels, value.height(), value.width(), channels, 0);
  }
}
