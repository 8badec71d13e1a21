// Kernels for the tests of the software device itself; some are wrong on purpose.
#include "cuda_emu.h"

extern "C" __global__ void test_add(float* data, int n, float value) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] += value;
}
EMU_KERNEL(test_add)

// Writes one element too many.
extern "C" __global__ void test_overrun(float* data, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) data[i] = 1.0f;
}
EMU_KERNEL(test_overrun)

// Reverses every block's part through shared memory, with or without the barrier that it needs.
template <bool BARRIER>
__device__ void reverse(const float* in, float* out) {
    __shared__ float tile[256];
    int first = blockIdx.x * blockDim.x;
    tile[threadIdx.x] = in[first + threadIdx.x];
    if (BARRIER) __syncthreads();
    out[first + threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
}
extern "C" __global__ void test_reverse(const float* in, float* out) { reverse<true>(in, out); }
EMU_KERNEL(test_reverse)
extern "C" __global__ void test_reverse_without_barrier(const float* in, float* out) { reverse<false>(in, out); }
EMU_KERNEL(test_reverse_without_barrier)

// Half of the threads wait at a barrier, the other half for them in a shuffle.
extern "C" __global__ void test_deadlock(float* out) {
    if (threadIdx.x % 2) __syncthreads();
    else out[threadIdx.x] = __shfl_down_sync(0xffffffffu, 1.0f, 1);
}
EMU_KERNEL(test_deadlock)

extern "C" __global__ void test_two_barriers(float* out) {
    if (threadIdx.x % 2) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    out[threadIdx.x] = 1.0f;
}
EMU_KERNEL(test_two_barriers)

// The sum over a block of up to 1024 threads, along x, y and z, in dynamic shared memory and by warps.
extern "C" __global__ void test_block_sum(const float* in, float* out) {
    DYNAMIC_SHARED(float, sums);
    int t = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x, n = blockDim.x * blockDim.y * blockDim.z;
    int b = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    float v = in[b * n + t];
    for (int by = 16; by > 0; by /= 2) v += __shfl_down_sync(0xffffffffu, v, by);
    if (t % 32 == 0) sums[t / 32] = v;
    __syncthreads();
    if (t != 0) return;
    for (int w = 1; w < n / 32; w++) v += sums[w];
    out[b] = v;
}
EMU_KERNEL(test_block_sum)
