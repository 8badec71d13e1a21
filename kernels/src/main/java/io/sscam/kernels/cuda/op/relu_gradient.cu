// out[i] = value[i] > 0 ? gradient[i] : 0, value being the ReLU's output: n elements of float32, at any address.
// Grid: a thread an element. Bytes: 12 n.
#include "common.cuh"

extern "C" __global__ void relu_gradient(const float* value, const float* gradient, i64 n, float* out) {
    for (i64 i = thread_index(); i < n; i += thread_count()) out[i] = value[i] > 0.0f ? gradient[i] : 0.0f;
}
EMU_KERNEL(relu_gradient)
