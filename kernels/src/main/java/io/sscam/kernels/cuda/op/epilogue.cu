// What cuDNN and cuBLAS fuse, for where they cannot.
//   bias_residual_relu: y = relu?(y + bias[channel] + residual), residual of y's shape or null
//   bias_relu_rows:     y (rows, width) = relu?(y + bias), after a matrix product
//   copy_channels:      in (n, c, hw) into the channels from channel_offset on of out
// Grid: a thread an element, or 16 bytes of them where the sizes allow it. Bytes: y read and written, the residual
// read.
#include "common.cuh"

// y[i] over V elements that take the biases bias[0], bias[step], ...
template <class T, int V>
__device__ __forceinline__ void finish(Pack<T, V>* y, i64 i, const float* bias, int step, const Pack<T, V>* residual,
                                       int with_relu) {
    Pack<T, V> pack = y[i], other;
    if (residual != nullptr) other = residual[i];
#pragma unroll
    for (int j = 0; j < V; j++) {
        float v = load(pack.v, j) + __ldg(bias + j * step);
        if (residual != nullptr) v += load(other.v, j);
        store(pack.v, j, with_relu ? relu(v) : v);
    }
    y[i] = pack;
}

// A bias for each element of a row; width in units of V.
template <class T, int V>
__device__ __forceinline__ void finish_rows(void* y, const float* bias, const void* residual, i64 rows, int width,
                                            int with_relu) {
    i64 total = rows * width;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((Pack<T, V>*)y, i, bias + i % width * V, 1, (const Pack<T, V>*)residual, with_relu);
}

// A bias for each plane of hw, in units of V.
template <int V>
__device__ __forceinline__ void finish_planes(void* y, const float* bias, const void* residual, i64 planes, int c,
                                              i64 hw, int with_relu) {
    i64 total = planes * hw;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((Pack<float, V>*)y, i, bias + i / hw % c, 0, (const Pack<float, V>*)residual, with_relu);
}

extern "C" __global__ void bias_residual_relu_nchw_f32(void* y, const float* bias, const void* residual, int n, int c,
                                                       i64 hw, int with_relu) {
    if (hw % 4 == 0) finish_planes<4>(y, bias, residual, (i64)n * c, c, hw / 4, with_relu);
    else finish_planes<1>(y, bias, residual, (i64)n * c, c, hw, with_relu);
}
EMU_KERNEL(bias_residual_relu_nchw_f32)

extern "C" __global__ void bias_residual_relu_nhwc_f16(void* y, const float* bias, const void* residual, int n, int c,
                                                       i64 hw, int with_relu) {
    if (c % 8 == 0) finish_rows<__half, 8>(y, bias, residual, n * hw, c / 8, with_relu);
    else finish_rows<__half, 1>(y, bias, residual, n * hw, c, with_relu);
}
EMU_KERNEL(bias_residual_relu_nhwc_f16)

extern "C" __global__ void bias_relu_rows_f32(void* y, const float* bias, int rows, int width, int with_relu) {
    if (width % 4 == 0) finish_rows<float, 4>(y, bias, nullptr, rows, width / 4, with_relu);
    else finish_rows<float, 1>(y, bias, nullptr, rows, width, with_relu);
}
EMU_KERNEL(bias_relu_rows_f32)

extern "C" __global__ void bias_relu_rows_f16(void* y, const float* bias, int rows, int width, int with_relu) {
    if (width % 8 == 0) finish_rows<__half, 8>(y, bias, nullptr, rows, width / 8, with_relu);
    else finish_rows<__half, 1>(y, bias, nullptr, rows, width, with_relu);
}
EMU_KERNEL(bias_relu_rows_f16)

// Rows of `width` words into rows of `width_out`, from word `offset` on.
template <class Word>
__device__ __forceinline__ void copy_rows(const void* in, i64 rows, i64 width, void* out, i64 width_out, i64 offset) {
    i64 total = rows * width;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 row = i / width;
        ((Word*)out)[row * width_out + offset + (i - row * width)] = ((const Word*)in)[i];
    }
}

extern "C" __global__ void copy_channels_nchw_f32(const void* in, int n, int c, i64 hw, void* out, int channels_out,
                                                  int channel_offset) {
    if (hw % 4 == 0) copy_rows<uint4>(in, n, c * (hw / 4), out, channels_out * (hw / 4), channel_offset * (hw / 4));
    else copy_rows<u32>(in, n, c * hw, out, channels_out * hw, channel_offset * hw);
}
EMU_KERNEL(copy_channels_nchw_f32)

extern "C" __global__ void copy_channels_nhwc_f16(const void* in, int n, int c, i64 hw, void* out, int channels_out,
                                                  int channel_offset) {
    if ((c | channels_out | channel_offset) % 8 == 0)
        copy_rows<uint4>(in, n * hw, c / 8, out, channels_out / 8, channel_offset / 8);
    else copy_rows<__half>(in, n * hw, c, out, channels_out, channel_offset);
}
EMU_KERNEL(copy_channels_nhwc_f16)
