// CUDA's vector types, aligned as on the device: a misaligned access is found by -fsanitize=alignment.
#pragma once

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
    dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {}
};

#define EMU_VECTOR(T, name, align4)                                                   \
    struct alignas(2 * sizeof(T)) name##2 { T x, y; };                                \
    struct alignas(align4) name##4 { T x, y, z, w; };                                 \
    inline name##2 make_##name##2(T x, T y) { return {x, y}; }                        \
    inline name##4 make_##name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
EMU_VECTOR(signed char, char, 4)
EMU_VECTOR(unsigned char, uchar, 4)
EMU_VECTOR(short, short, 8)
EMU_VECTOR(unsigned short, ushort, 8)
EMU_VECTOR(int, int, 16)
EMU_VECTOR(unsigned, uint, 16)
EMU_VECTOR(long long, longlong, 16)
EMU_VECTOR(unsigned long long, ulonglong, 16)
EMU_VECTOR(float, float, 16)
EMU_VECTOR(double, double, 16)
#undef EMU_VECTOR

struct float3 { float x, y, z; };
struct int3 { int x, y, z; };
inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
inline int3 make_int3(int x, int y, int z) { return {x, y, z}; }
inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }
