// Elements of float or half, read and written as float.
#pragma once
#include "cuda_emu.h"

inline float get(const void* p, bool half, size_t i) { return half ? __half2float(((const __half*)p)[i]) : ((const float*)p)[i]; }
inline void put(void* p, bool half, size_t i, float v) {
    if (half) ((__half*)p)[i] = __float2half_rn(v);
    else ((float*)p)[i] = v;
}
