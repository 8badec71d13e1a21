package io.sscam.weights;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Python names that a state dict needs, and no others. Nothing here is ever called: each name
 * stands for a piece of Java in {@link PickleObjects}.
 *
 * @param kind what the name does
 * @param dtype the element type of a storage or tensor class
 */
record PickleGlobal(Kind kind, @Nullable DType dtype) {

  /** What a name does. */
  enum Kind {
    ORDERED_DICT,
    SIZE,
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    PARAMETER,
    STORAGE_CLASS,
    TENSOR_CLASS
  }

  private static final Map<String, PickleGlobal> ALLOWED = allowed();

  private static Map<String, PickleGlobal> allowed() {
    Map<String, PickleGlobal> names = new HashMap<>();
    names.put("collections.OrderedDict", new PickleGlobal(Kind.ORDERED_DICT, null));
    names.put("torch.Size", new PickleGlobal(Kind.SIZE, null));
    // PyTorch 0.1 to 0.3 wrote _rebuild_tensor; torchvision's VGG-16 file is from that time.
    names.put("torch._utils._rebuild_tensor", new PickleGlobal(Kind.REBUILD_TENSOR, null));
    names.put("torch._utils._rebuild_tensor_v2", new PickleGlobal(Kind.REBUILD_TENSOR, null));
    names.put("torch._utils._rebuild_parameter", new PickleGlobal(Kind.REBUILD_PARAMETER, null));
    names.put("torch.nn.parameter.Parameter", new PickleGlobal(Kind.PARAMETER, null));
    Map<String, DType> types =
        Map.of(
            "Float", DType.F32,
            "Half", DType.F16,
            "BFloat16", DType.BF16,
            "Double", DType.F64,
            "Long", DType.I64,
            "Int", DType.I32,
            "Short", DType.I16,
            "Char", DType.I8,
            "Byte", DType.U8,
            "Bool", DType.BOOL);
    types.forEach(
        (name, dtype) -> {
          names.put("torch." + name + "Storage", new PickleGlobal(Kind.STORAGE_CLASS, dtype));
          names.put("torch." + name + "Tensor", new PickleGlobal(Kind.TENSOR_CLASS, dtype));
          names.put("torch.cuda." + name + "Storage", new PickleGlobal(Kind.STORAGE_CLASS, dtype));
          names.put("torch.cuda." + name + "Tensor", new PickleGlobal(Kind.TENSOR_CLASS, dtype));
        });
    return Map.copyOf(names);
  }

  /** The meaning of a Python name, if it is allowed. */
  static Optional<PickleGlobal> named(String module, String name) {
    return Optional.ofNullable(ALLOWED.get(module + "." + name));
  }
}
