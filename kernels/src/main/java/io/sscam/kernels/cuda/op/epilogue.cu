// What cuDNN and cuBLAS fuse, for where they cannot.
//   bias_residual_relu: y = relu?(y + bias[channel] + residual), residual of y's shape or null
//   bias_relu_rows:     y (rows, width) = relu?(y + bias), after a matrix product
//   copy_channels:      in (n, c, hw) into the channels from channel_offset on of out
// Grid: a thread an element. Bytes: y read and written, the residual read.
#include "common.cuh"

template <class T>
__device__ void finish(T* y, i64 i, float bias, const T* residual, int with_relu) {
    float v = load(y, i) + bias;
    if (residual != nullptr) v += load(residual, i);
    store(y, i, with_relu ? relu(v) : v);
}

extern "C" __global__ void bias_residual_relu_nchw_f32(void* y, const float* bias, const void* residual, int n, int c,
                                                       i64 hw, int with_relu) {
    i64 total = (i64)n * c * hw;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((float*)y, i, __ldg(bias + i / hw % c), (const float*)residual, with_relu);
}
EMU_KERNEL(bias_residual_relu_nchw_f32)

extern "C" __global__ void bias_residual_relu_nhwc_f16(void* y, const float* bias, const void* residual, int n, int c,
                                                       i64 hw, int with_relu) {
    i64 total = (i64)n * c * hw;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((__half*)y, i, __ldg(bias + i % c), (const __half*)residual, with_relu);
}
EMU_KERNEL(bias_residual_relu_nhwc_f16)

extern "C" __global__ void bias_relu_rows_f32(void* y, const float* bias, int rows, int width, int with_relu) {
    i64 total = (i64)rows * width;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((float*)y, i, __ldg(bias + i % width), (const float*)nullptr, with_relu);
}
EMU_KERNEL(bias_relu_rows_f32)

extern "C" __global__ void bias_relu_rows_f16(void* y, const float* bias, int rows, int width, int with_relu) {
    i64 total = (i64)rows * width;
    for (i64 i = thread_index(); i < total; i += thread_count())
        finish((__half*)y, i, __ldg(bias + i % width), (const __half*)nullptr, with_relu);
}
EMU_KERNEL(bias_relu_rows_f16)

extern "C" __global__ void copy_channels_nchw_f32(const void* in, int n, int c, i64 hw, void* out, int channels_out,
                                                  int channel_offset) {
    i64 block = (i64)c * hw, total = n * block;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 picture = i / block;
        ((float*)out)[(picture * channels_out + channel_offset) * hw + (i - picture * block)] = ((const float*)in)[i];
    }
}
EMU_KERNEL(copy_channels_nchw_f32)

extern "C" __global__ void copy_channels_nhwc_f16(const void* in, int n, int c, i64 hw, void* out, int channels_out,
                                                  int channel_offset) {
    i64 total = (i64)n * hw * c;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 pixel = i / c;
        ((__half*)out)[pixel * channels_out + channel_offset + (i - pixel * c)] = ((const __half*)in)[i];
    }
}
EMU_KERNEL(copy_channels_nhwc_f16)
