// Changes of layout and type. A picture is (c, hw) in NCHW and (hw, padded) in NHWC, whose channels
// from c on are zeros when written and ignored when read. Filters K C R S turn into K R S C by
// the same rule, n being K and hw being R S.
// Grid: a thread an element of the result. Bytes: 4 n c hw and 2 n padded hw.
#include "common.cuh"

extern "C" __global__ void nchw_f32_to_nhwc_f16(const float* in, int n, int c, i64 hw, int padded, void* out) {
    i64 total = n * hw * padded;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 pixel = i / padded, picture = pixel / hw;
        int channel = (int)(i - pixel * padded);
        float v = channel < c ? in[(picture * c + channel) * hw + (pixel - picture * hw)] : 0.0f;
        store((__half*)out, i, v);
    }
}
EMU_KERNEL(nchw_f32_to_nhwc_f16)

extern "C" __global__ void nhwc_f16_to_nchw_f32(const void* in, int n, int c, i64 hw, int padded, float* out) {
    i64 total = n * hw * c;
    for (i64 i = thread_index(); i < total; i += thread_count()) {
        i64 plane = i / hw, picture = plane / c;
        out[i] = load((const __half*)in, (picture * hw + (i - plane * hw)) * padded + (plane - picture * c));
    }
}
EMU_KERNEL(nhwc_f16_to_nchw_f32)

extern "C" __global__ void f32_to_f16(const float* in, i64 n, void* out) {
    for (i64 i = thread_index(); i < n; i += thread_count()) store((__half*)out, i, in[i]);
}
EMU_KERNEL(f32_to_f16)
