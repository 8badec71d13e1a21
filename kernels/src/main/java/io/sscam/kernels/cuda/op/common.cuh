// What the kernels share. They compile with nvcc, with NVRTC and, for tests without a GPU, as plain
// C++ through an emulation header that stands in for the CUDA compiler.
#pragma once
#if !defined(__CUDACC__) && !defined(__CUDACC_RTC__)
#include "cuda_emu.h"
#else
#include <cuda_fp16.h>
#define EMU_KERNEL(kernel)
#endif

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;

#define FULL_WARP 0xffffffffu
#define POSITIVE_INFINITY __int_as_float(0x7f800000)
#define NEGATIVE_INFINITY __int_as_float((int)0xff800000)

// Linear index of a thread in a 1-D grid, and the number of threads.
__device__ __forceinline__ i64 thread_index() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ __forceinline__ i64 thread_count() { return (i64)gridDim.x * blockDim.x; }

// Minimum and maximum that keep a NaN, so that it is seen at the end.
__device__ __forceinline__ float min_or_nan(float a, float b) { return a != a || a < b ? a : b; }
__device__ __forceinline__ float max_or_nan(float a, float b) { return a != a || a > b ? a : b; }

// ReLU that keeps a NaN.
__device__ __forceinline__ float relu(float v) { return v < 0.0f ? 0.0f : v; }

struct Min {
    __device__ float operator()(float a, float b) const { return min_or_nan(a, b); }
};
struct Max {
    __device__ float operator()(float a, float b) const { return max_or_nan(a, b); }
};
struct Sum {
    __device__ float operator()(float a, float b) const { return a + b; }
};

// Combines one value a thread over a block, in an order that depends on the block's size only.
// All threads get the result. `scratch` holds 32 floats; blockDim.x is a multiple of 32.
template <class Combine>
__device__ float block_reduce(float value, Combine combine, float* scratch) {
    for (int offset = 16; offset > 0; offset /= 2)
        value = combine(value, __shfl_xor_sync(FULL_WARP, value, offset));
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
    if (lane == 0) scratch[warp] = value;
    __syncthreads();
    float result = scratch[0];
    for (int w = 1; w < warps; w++) result = combine(result, scratch[w]);
    __syncthreads();
    return result;
}

// One axis of bilinear upsampling with half-pixel centres and clamped edges
// (PyTorch's align_corners=False): out[i] = (1 - weight) in[low] + weight in[high].
struct Axis {
    int low, high;
    float weight;
};

__device__ __forceinline__ Axis axis(int i, float scale, int extent) {
    float at = fmaxf((i + 0.5f) * scale - 0.5f, 0.0f);
    Axis a;
    a.low = min((int)at, extent - 1);
    a.high = min(a.low + 1, extent - 1);
    a.weight = at - a.low;
    return a;
}

__device__ __forceinline__ float bilinear(const float* map, int w, Axis y, Axis x) {
    const float* upper = map + (i64)y.low * w;
    const float* lower = map + (i64)y.high * w;
    float top = __ldg(upper + x.low) + x.weight * (__ldg(upper + x.high) - __ldg(upper + x.low));
    float bottom = __ldg(lower + x.low) + x.weight * (__ldg(lower + x.high) - __ldg(lower + x.low));
    return top + y.weight * (bottom - top);
}

// Reading and writing the two element types in float.
__device__ __forceinline__ float load(const float* p, i64 i) { return p[i]; }
__device__ __forceinline__ float load(const __half* p, i64 i) { return __half2float(p[i]); }
__device__ __forceinline__ void store(float* p, i64 i, float v) { p[i] = v; }
__device__ __forceinline__ void store(__half* p, i64 i, float v) { p[i] = __float2half_rn(v); }
