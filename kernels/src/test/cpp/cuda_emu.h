// Runs CUDA C++ kernels on the CPU so that their arithmetic, indexing and synchronisation can be tested without
// a GPU. One fiber per CUDA thread, one block at a time; __syncthreads and the *_sync warp functions are real
// meeting points. Included only where the file is not compiled by nvcc or NVRTC.
#pragma once
#if !defined(__CUDACC__) && !defined(__CUDACC_RTC__)
#include <setjmp.h>
#include <ucontext.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__
#define __launch_bounds__(...)
#define __constant__ static
#define __shared__ static __attribute__((section("emu_shared")))   // refilled with a pattern before every block
struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {} };
template <class T> struct emu_v2 { T x, y; };
template <class T> struct alignas(sizeof(T) * 4) emu_v4 { T x, y, z, w; };
using float2 = emu_v2<float>; using float4 = emu_v4<float>; using int2 = emu_v2<int>; using int4 = emu_v4<int>;
using uint2 = emu_v2<unsigned>; using uint4 = emu_v4<unsigned>;
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }

extern "C" { extern char __start_emu_shared __attribute__((weak)), __stop_emu_shared __attribute__((weak)); }
namespace emu {
inline constexpr char PATTERN = 0x7f;                 // as float 3.39e38: unlike what a kernel left there
enum State { READY, AT_BLOCK, AT_WARP, DONE };
enum Op { NONE, SHFL, BALLOT, SYNC };
struct Fiber { jmp_buf env; ucontext_t uc; std::unique_ptr<char[]> stack; uint3 tid; unsigned lane; struct Warp* warp; State state; bool started = false; };
struct Warp { unsigned first = 0, alive = 0, arrived = 0; unsigned mask[32]; Op op[32]; uint64_t val[32], out[32]; unsigned src[32]; };
struct Block {
    jmp_buf sched; std::vector<std::unique_ptr<Fiber>> pool; std::vector<Warp> warps; std::vector<unsigned> order;
    Fiber* cur = nullptr; dim3 grid, block; uint3 bid; unsigned n = 0; std::vector<char> dyn; const std::function<void()>* body = nullptr;
};
inline Block B;
inline constexpr size_t STACK = 80 * 1024;
[[noreturn]] inline void die(const char* what) {
    std::fprintf(stderr, "cuda_emu: %s in block (%u,%u,%u), thread (%u,%u,%u)\n", what, B.bid.x, B.bid.y, B.bid.z, B.cur->tid.x, B.cur->tid.y, B.cur->tid.z);
    std::abort();
}
inline void to_sched(State s) { Fiber* f = B.cur; f->state = s; if (!_setjmp(f->env)) _longjmp(B.sched, 1); }
inline void entry() {
    for (;;) {                                       // a fiber is reused for the next block's thread
        (*B.body)();
        Fiber* f = B.cur; f->warp->alive &= ~(1u << f->lane);
        to_sched(DONE);
    }
}
inline void resume(Fiber* f) {
    B.cur = f;
    if (_setjmp(B.sched)) return;
    if (f->started) _longjmp(f->env, 1);
    f->started = true; f->stack.reset(new char[STACK]); getcontext(&f->uc);
    static unsigned colour; size_t off = colour++ % 61 * 256;        // stacks must not share cache sets
    f->uc.uc_stack.ss_sp = f->stack.get() + off; f->uc.uc_stack.ss_size = STACK - off; f->uc.uc_link = nullptr;
    makecontext(&f->uc, entry, 0); setcontext(&f->uc);
}
inline bool warp_complete(Warp& w, unsigned mask) {   // all living lanes of mask are here, with this same mask
    unsigned need = mask & w.alive;
    if ((w.arrived & need) != need) return false;
    unsigned bits = 0; Op op = NONE;
    for (unsigned l = 0; l < 32; l++) if (need >> l & 1) {
        if (w.mask[l] != mask) die("lanes of one mask gave different masks");
        if (op != NONE && op != w.op[l]) die("lanes of one mask met in different warp functions");
        op = w.op[l]; if (w.val[l]) bits |= 1u << l;
    }
    for (unsigned l = 0; l < 32; l++) if (need >> l & 1) {
        if (op == SHFL && !(need >> w.src[l] & 1)) die("shuffle reads a lane that is not in the mask");
        w.out[l] = op == BALLOT ? bits : w.val[w.src[l]];
    }
    w.arrived &= ~need;
    for (unsigned l = 0; l < 32; l++) if (need >> l & 1) { Fiber& f = *B.pool[w.first + l]; if (f.state == AT_WARP) f.state = READY; }
    return true;
}
inline uint64_t warp_op(Op op, unsigned mask, uint64_t v, unsigned src) {
    Fiber* f = B.cur; Warp& w = *f->warp; unsigned l = f->lane;
    if (!(mask >> l & 1)) die("the calling lane is not in the mask");
    w.op[l] = op; w.mask[l] = mask; w.val[l] = v; w.src[l] = src; w.arrived |= 1u << l;
    if (!warp_complete(w, mask)) to_sched(AT_WARP);
    return w.out[l];
}
inline void run_block(const std::function<void()>& body, unsigned seed) {
    B.n = B.block.x * B.block.y * B.block.z; B.body = &body;
    while (B.pool.size() < B.n) B.pool.push_back(std::make_unique<Fiber>());
    B.warps.assign((B.n + 31) / 32, Warp()); B.order.resize(B.n);
    for (unsigned i = 0; i < B.pool.size(); i++) {
        Fiber& f = *B.pool[i]; f.warp = nullptr; f.state = DONE; if (i >= B.n) continue;
        f.tid = {i % B.block.x, i / B.block.x % B.block.y, i / (B.block.x * B.block.y)};
        f.lane = i & 31; f.warp = &B.warps[i / 32]; f.warp->first = i & ~31u; f.warp->alive |= 1u << f.lane; f.state = READY; B.order[i] = i;
    }
    if (seed == 1) std::reverse(B.order.begin(), B.order.end());          // other schedules find missing barriers
    else if (seed > 1) { std::mt19937 g(seed); std::shuffle(B.order.begin(), B.order.end(), g); }
    for (;;) {
        unsigned ran = 0, at_block = 0, alive = 0;
        for (unsigned i : B.order) { Fiber& f = *B.pool[i]; if (f.state == READY) { resume(&f); ran++; } }
        for (unsigned i = 0; i < B.n; i++) { State s = B.pool[i]->state; alive += s != DONE; at_block += s == AT_BLOCK; }
        if (!alive) return;
        if (at_block == alive) { for (unsigned i = 0; i < B.n; i++) if (B.pool[i]->state == AT_BLOCK) B.pool[i]->state = READY; continue; }
        if (!ran) {                                  // lanes may have left since: look again, else nobody can go on
            bool any = false;
            for (unsigned i = 0; i < B.n; i++) { Fiber& f = *B.pool[i]; if (f.state == AT_WARP) { B.cur = &f; any |= warp_complete(*f.warp, f.warp->mask[f.lane]); } }
            if (!any) die("threads wait for each other for ever (barrier or warp function not reached by all)");
        }
    }
}
/** Runs body once per CUDA thread. seed 0: threads in order, 1: reversed, else shuffled. */
inline void launch(dim3 grid, dim3 block, size_t shared, const std::function<void()>& body, unsigned seed = 0) {
    B.grid = grid; B.block = block; B.dyn.resize(shared + 16);
    for (unsigned z = 0; z < grid.z; z++) for (unsigned y = 0; y < grid.y; y++) for (unsigned x = 0; x < grid.x; x++) {
        B.bid = {x, y, z}; std::fill(B.dyn.begin(), B.dyn.end(), PATTERN);
        if (&__start_emu_shared) std::memset(&__start_emu_shared, PATTERN, &__stop_emu_shared - &__start_emu_shared);
        run_block(body, seed);
    }
}
// kernels by name, with their parameters as cuLaunchKernel takes them
using Launcher = std::function<void(dim3, dim3, size_t, void**, unsigned)>;
inline std::map<std::string, Launcher>& kernels() { static std::map<std::string, Launcher> m; return m; }
inline std::map<std::string, std::vector<size_t>>& arity() { static std::map<std::string, std::vector<size_t>> m; return m; }   // parameter sizes
template <class... A> std::vector<size_t> sizes(void (*)(A...)) { return {sizeof(A)...}; }
template <class... A> Launcher make(void (*k)(A...)) {
    return [k](dim3 g, dim3 b, size_t sh, void** p, unsigned seed) {
        [&]<size_t... I>(std::index_sequence<I...>) {
            auto t = std::make_tuple(*(std::remove_cv_t<A>*)p[I]...);
            launch(g, b, sh, [&] { k(std::get<I>(t)...); }, seed);
        }(std::index_sequence_for<A...>{});
    };
}
struct Reg { template <class K> Reg(const char* n, K k) { kernels()[n] = make(k); arity()[n] = sizes(k); } };
template <class T> uint64_t bits(T v) { static_assert(sizeof(T) <= 8); uint64_t u = 0; std::memcpy(&u, &v, sizeof v); return u; }
template <class T> T unbits(uint64_t u) { T v; std::memcpy(&v, &u, sizeof v); return v; }
}  // namespace emu
#define EMU_KERNEL(k) static emu::Reg emu_reg_##k(#k, k);
#define DYNAMIC_SHARED(T, name) T* name = (T*)(((uintptr_t)emu::B.dyn.data() + 15) & ~(uintptr_t)15)
#define threadIdx (emu::B.cur->tid)
#define blockIdx (emu::B.bid)
#define blockDim (emu::B.block)
#define gridDim (emu::B.grid)
inline constexpr int warpSize = 32;
inline void __syncthreads() { emu::to_sched(emu::AT_BLOCK); }
inline void __threadfence() {}
inline void __syncwarp(unsigned m = 0xffffffffu) { emu::warp_op(emu::SYNC, m & emu::B.cur->warp->alive, 0, emu::B.cur->lane); }
template <class T> T emu_shfl(unsigned m, T v, unsigned src) { return emu::unbits<T>(emu::warp_op(emu::SHFL, m, emu::bits(v), src)); }
template <class T> T __shfl_sync(unsigned m, T v, int src, int w = 32) { unsigned l = emu::B.cur->lane; return emu_shfl(m, v, (l & ~(w - 1)) | (src & (w - 1))); }
template <class T> T __shfl_xor_sync(unsigned m, T v, int x, int w = 32) { unsigned l = emu::B.cur->lane, s = l ^ x; return emu_shfl(m, v, (s & ~(w - 1)) > (l | (w - 1)) ? l : s); }
template <class T> T __shfl_down_sync(unsigned m, T v, unsigned d, int w = 32) { unsigned l = emu::B.cur->lane; return emu_shfl(m, v, (l & (w - 1)) + d < (unsigned)w ? l + d : l); }
template <class T> T __shfl_up_sync(unsigned m, T v, unsigned d, int w = 32) { unsigned l = emu::B.cur->lane; return emu_shfl(m, v, (l & (w - 1)) >= d ? l - d : l); }
inline unsigned __ballot_sync(unsigned m, int p) { return (unsigned)emu::warp_op(emu::BALLOT, m, p != 0, emu::B.cur->lane); }
inline int __any_sync(unsigned m, int p) { return __ballot_sync(m, p) != 0; }
inline int __all_sync(unsigned m, int p) { return __ballot_sync(m, !p) == 0; }
inline unsigned __activemask() { return emu::B.cur->warp->alive; }
template <class T> T emu_rmw(T* p, T (*f)(T, T), T v) { T o; __atomic_load(p, &o, __ATOMIC_SEQ_CST); for (T n = f(o, v); !__atomic_compare_exchange(p, &o, &n, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); n = f(o, v)) {} return o; }
template <class T> T atomicAdd(T* p, std::type_identity_t<T> v) { return emu_rmw<T>(p, [](T a, T b) { return (T)(a + b); }, v); }
template <class T> T atomicMax(T* p, std::type_identity_t<T> v) { return emu_rmw<T>(p, [](T a, T b) { return std::max(a, b); }, v); }
template <class T> T atomicMin(T* p, std::type_identity_t<T> v) { return emu_rmw<T>(p, [](T a, T b) { return std::min(a, b); }, v); }
template <class T> T atomicExch(T* p, std::type_identity_t<T> v) { return emu_rmw<T>(p, [](T, T b) { return b; }, v); }
template <class T> T atomicCAS(T* p, std::type_identity_t<T> c, std::type_identity_t<T> v) { __atomic_compare_exchange(p, &c, &v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); return c; }
template <class T> T __ldg(const T* p) { return *p; }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((uint64_t)a * b >> 32); }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __clz(int v) { return v ? __builtin_clz((unsigned)v) : 32; }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline int __float_as_int(float f) { return emu::unbits<int>(emu::bits(f)); }
inline float __int_as_float(int i) { return emu::unbits<float>(emu::bits(i)); }
inline unsigned __float_as_uint(float f) { return emu::unbits<unsigned>(emu::bits(f)); }
inline float __uint_as_float(unsigned i) { return emu::unbits<float>(emu::bits(i)); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __saturatef(float v) { return v > 0 ? v < 1 ? v : 1.0f : 0.0f; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline void sincospif(float x, float* s, float* c) { double a = 3.14159265358979323846 * std::fmod((double)x, 2.0); *s = (float)std::sin(a); *c = (float)std::cos(a); }
using std::max; using std::min;
inline unsigned min(unsigned a, int b) { return std::min(a, (unsigned)b); }

// float16 with round to nearest even, subnormals, infinities and NaN
struct __half { uint16_t bits; };
inline float __half2float(__half h) {
    uint32_t sign = (uint32_t)(h.bits & 0x8000) << 16, exponent = h.bits >> 10 & 31, mantissa = h.bits & 1023;
    if (exponent == 31) return __uint_as_float(sign | 0x7f800000u | mantissa << 13);
    if (exponent == 0) { float v = mantissa * 0x1p-24f; return sign ? -v : v; }
    return __uint_as_float(sign | (exponent + 112) << 23 | mantissa << 13);
}
inline __half __float2half_rn(float f) {
    uint32_t u = __float_as_uint(f), sign = u >> 16 & 0x8000, magnitude = u & 0x7fffffff;
    if (magnitude > 0x7f800000u) return {(uint16_t)(sign | 0x7fff)};
    if (magnitude >= 0x477ff000u) return {(uint16_t)(sign | 0x7c00)};          // 65520 and more round to infinity
    if (magnitude < 0x38800000u) {                                             // below 2^-14: in steps of 2^-24
        float steps = std::nearbyint(std::fabs(f) * 0x1p24f);
        return {(uint16_t)(sign | (uint32_t)steps)};
    }
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return {(uint16_t)(sign | (rounded - 0x38000000u) >> 13)};
}
inline unsigned short __half_as_ushort(__half h) { return h.bits; }
#define EMU_DEFINED
#endif
