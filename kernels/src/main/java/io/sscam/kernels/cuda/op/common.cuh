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

// n <= 4 elements side by side; whole: all four, and aligned to 16 bytes.
__device__ __forceinline__ void load_quad(const float* from, bool whole, int n, float v[4]) {
    if (whole) {
        float4 all = *(const float4*)from;
        v[0] = all.x, v[1] = all.y, v[2] = all.z, v[3] = all.w;
    } else {
#pragma unroll
        for (int j = 0; j < 4; j++) v[j] = j < n ? from[j] : 0.0f;
    }
}

__device__ __forceinline__ void store_quad(float* to, bool whole, int n, const float v[4]) {
    if (whole) {
        *(float4*)to = make_float4(v[0], v[1], v[2], v[3]);
    } else {
#pragma unroll
        for (int j = 0; j < 4; j++)
            if (j < n) to[j] = v[j];
    }
}

// V elements that are read or written at once.
template <class T, int V>
struct alignas(sizeof(T) * V) Pack {
    T v[V];
};

// Reading and writing the two element types in float.
__device__ __forceinline__ float load(const float* p, i64 i) { return p[i]; }
__device__ __forceinline__ float load(const __half* p, i64 i) { return __half2float(p[i]); }
__device__ __forceinline__ void store(float* p, i64 i, float v) { p[i] = v; }
__device__ __forceinline__ void store(__half* p, i64 i, float v) { p[i] = __float2half_rn(v); }
