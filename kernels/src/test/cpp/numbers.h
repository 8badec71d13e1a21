// Elements of float or half, read and written as float.
#pragma once
#include <cstddef>

#include "emu_half.h"

inline float load(const float* p, size_t i) { return p[i]; }
inline float load(const __half* p, size_t i) { return __half2float(p[i]); }
inline void store(float* p, size_t i, float v) { p[i] = v; }
inline void store(__half* p, size_t i, float v) { p[i] = __float2half_rn(v); }

inline float get(const void* p, bool half, size_t i) { return half ? load((const __half*)p, i) : load((const float*)p, i); }
inline void put(void* p, bool half, size_t i, float v) {
    if (half) store((__half*)p, i, v);
    else store((float*)p, i, v);
}
