// out[i] = a[i] + b[i]: n elements of float32, at any address.
// Grid: a thread an element. Bytes: 12 n.
#include "common.cuh"

extern "C" __global__ void add(const float* a, const float* b, i64 n, float* out) {
    for (i64 i = thread_index(); i < n; i += thread_count()) out[i] = a[i] + b[i];
}
EMU_KERNEL(add)
