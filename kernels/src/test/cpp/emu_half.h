// float16: conversions round to nearest even and know subnormals, infinities and NaN.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#if defined(__F16C__)
#include <immintrin.h>
#endif

struct __half {
    uint16_t bits;
};
struct alignas(4) __half2 {
    __half x, y;
};
typedef __half half;
typedef __half2 half2;

inline float __half2float(__half h) {
#if defined(__F16C__)
    return _cvtsh_ss(h.bits);
#else
    uint32_t sign = (uint32_t)(h.bits & 0x8000) << 16, exponent = h.bits >> 10 & 31, mantissa = h.bits & 1023;
    if (exponent == 0) {
        float steps = mantissa * 0x1p-24f;
        return sign ? -steps : steps;
    }
    uint32_t u = sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | mantissa << 13;
    float f;
    std::memcpy(&f, &u, 4);
    return f;
#endif
}

inline __half __float2half_rn(float f) {
    if (f != f) return {0x7fff};  // the one NaN that a GPU writes
#if defined(__F16C__)
    return {_cvtss_sh(f, _MM_FROUND_TO_NEAREST_INT)};
#else
    uint32_t u;
    std::memcpy(&u, &f, 4);
    uint32_t sign = u >> 16 & 0x8000, magnitude = u & 0x7fffffff;
    if (magnitude >= 0x477ff000u) return {(uint16_t)(sign | 0x7c00)};  // 65520 and more round to infinity
    if (magnitude < 0x38800000u)                                      // below 2^-14: in steps of 2^-24
        return {(uint16_t)(sign | (uint32_t)std::nearbyint(std::fabs(f) * 0x1p24f))};
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return {(uint16_t)(sign | (rounded - 0x38000000u) >> 13)};
#endif
}

inline __half __float2half(float f) { return __float2half_rn(f); }
inline unsigned short __half_as_ushort(__half h) { return h.bits; }
inline __half __ushort_as_half(unsigned short bits) { return {bits}; }
inline __half2 __halves2half2(__half low, __half high) { return {low, high}; }
inline __half2 __half2half2(__half both) { return {both, both}; }
inline __half2 __floats2half2_rn(float low, float high) { return {__float2half_rn(low), __float2half_rn(high)}; }
inline __half2 __float2half2_rn(float both) { return __floats2half2_rn(both, both); }
inline __half __low2half(__half2 v) { return v.x; }
inline __half __high2half(__half2 v) { return v.y; }
inline float __low2float(__half2 v) { return __half2float(v.x); }
inline float __high2float(__half2 v) { return __half2float(v.y); }
