// Kernels with a mistake each, which check_kernels must find. Part of no product.
#include "common.cuh"

// Doubles n elements and one beyond.
extern "C" __global__ void wrong_overrun(const float* in, int n, float* out) {
    for (int i = threadIdx.x; i <= n; i += blockDim.x) out[i] = 2.0f * in[i < n ? i : n - 1];
}
EMU_KERNEL(wrong_overrun)

// Reads one element before the beginning.
extern "C" __global__ void wrong_underrun(const float* in, int n, float* out) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) out[i] = in[i] - in[i - 1];
}
EMU_KERNEL(wrong_underrun)

// Turns a block's values round through shared memory without waiting for all to be there.
extern "C" __global__ void wrong_barrier(const float* in, int n, float* out) {
    __shared__ float all[256];
    int i = threadIdx.x;
    if (i < n) all[i] = in[i];
    if (i < n) out[i] = all[n - 1 - i];
}
EMU_KERNEL(wrong_barrier)

// Half of the threads wait at the barrier, the others in a warp function for them.
extern "C" __global__ void wrong_divergence(const float* in, int n, float* out) {
    int i = threadIdx.x;
    float v = i < n ? in[i] : 0.0f;
    if (i & 1) __syncthreads();
    v += __shfl_xor_sync(FULL_WARP, v, 1);
    if (i < n) out[i] = v;
}
EMU_KERNEL(wrong_divergence)

// Writes beyond its shared memory, where the compiler cannot see it.
extern "C" __global__ void wrong_shared(const float* in, int n, float* out) {
    __shared__ float all[64];
    float* volatile hidden = all;
    float* scratch = hidden;
    int i = threadIdx.x;
    if (i < n) scratch[i] = in[i];
    __syncthreads();
    if (i < n) out[i] = scratch[i];
}
EMU_KERNEL(wrong_shared)

// Leaves out the last element.
extern "C" __global__ void wrong_gap(const float* in, int n, float* out) {
    for (int i = threadIdx.x; i < n - 1; i += blockDim.x) out[i] = in[i];
}
EMU_KERNEL(wrong_gap)
