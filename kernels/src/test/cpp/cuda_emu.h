// Stands in for the CUDA compiler: compiles the .cu files as C++20, so that their arithmetic, indexing and
// synchronisation can be tested without a GPU. Included only where the file is not compiled by nvcc or NVRTC.
//
//   EMU_KERNEL(name)            makes a kernel known by its name
//   DYNAMIC_SHARED(type, name)  declares dynamic shared memory
#ifndef CUDA_EMU_H  // a precompiled header forgets a #pragma once of its own
#define CUDA_EMU_H
#if !defined(__CUDACC__) && !defined(__CUDACC_RTC__)
#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

#include "emu_block.h"
#include "emu_math.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__
#define __launch_bounds__(...)
#define __constant__ static
#if defined(__SANITIZE_ADDRESS__)
#define __shared__ static __attribute__((section("emu_shared")))  // with -fsanitize-sections: zones between the arrays
#else
#define __shared__ static thread_local
#endif
#define DYNAMIC_SHARED(T, name) T* name = (T*)(((uintptr_t)emu::block->dynamic.data() + 15) & ~(uintptr_t)15)
#define threadIdx (emu::block->current->id)
#define blockIdx (emu::block->id)
#define blockDim (emu::block->shape)
#define gridDim (emu::block->grid)
inline constexpr int warpSize = 32;

namespace emu {
struct Parameter {
    size_t bytes;
    bool pointer;
};
// A kernel with its parameters as cuLaunchKernel takes them.
struct Kernel {
    std::vector<Parameter> parameters;
    std::function<std::string(dim3 grid, dim3 block, size_t shared, void** values, unsigned seed)> launch;
};
inline std::map<std::string, Kernel>& kernels() {
    static std::map<std::string, Kernel> known;
    return known;
}
template <class... A>
Kernel make(void (*kernel)(A...)) {
    auto run = [kernel](dim3 grid, dim3 block, size_t shared, void** values, unsigned seed) {
        return [&]<size_t... I>(std::index_sequence<I...>) {
            auto arguments = std::make_tuple(*(std::remove_cv_t<A>*)values[I]...);
            return launch(grid, block, shared, [&] { kernel(std::get<I>(arguments)...); }, seed);
        }(std::index_sequence_for<A...>{});
    };
    return {{{sizeof(A), std::is_pointer_v<A>}...}, run};
}
struct Registration {
    template <class K>
    Registration(const char* name, K kernel) {
        kernels()[name] = make(kernel);
    }
};

template <class T>
uint64_t pack(T v) {
    static_assert(sizeof(T) <= 8);
    uint64_t u = 0;
    std::memcpy(&u, &v, sizeof v);
    return u;
}
template <class T>
T unpack(uint64_t u) {
    T v;
    std::memcpy(&v, &u, sizeof v);
    return v;
}
template <class T>
T shuffle(unsigned mask, T v, unsigned source) {
    return unpack<T>(meet(SHUFFLE, mask, pack(v), source));
}
inline unsigned lane() { return block->current->lane; }
}  // namespace emu
#define EMU_KERNEL(kernel) static emu::Registration emu_registration_##kernel(#kernel, kernel);
// Ends a library of kernels that is loaded while the device runs: its door, which also takes lent threads.
#define EMU_MODULE                                                                                            \
    extern "C" __attribute__((visibility("default"))) std::map<std::string, emu::Kernel>* emu_module(emu::Parallel lent) { \
        emu::parallel = lent;                                                                                 \
        return &emu::kernels();                                                                               \
    }

// The line of the call tells barriers apart.
inline void __syncthreads(int line = __builtin_LINE()) { emu::barrier(line); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { emu::meet(emu::SYNC, mask, 0, emu::lane()); }
inline void __threadfence() {}
inline void __threadfence_block() {}
template <class T>
T __shfl_sync(unsigned mask, T v, int source, int width = 32) {
    return emu::shuffle(mask, v, (emu::lane() & ~(width - 1)) | (source & (width - 1)));
}
template <class T>
T __shfl_xor_sync(unsigned mask, T v, int bits, int width = 32) {
    unsigned l = emu::lane(), s = l ^ bits;
    return emu::shuffle(mask, v, (s & ~(width - 1)) > (l | (width - 1)) ? l : s);
}
template <class T>
T __shfl_down_sync(unsigned mask, T v, unsigned by, int width = 32) {
    unsigned l = emu::lane();
    return emu::shuffle(mask, v, (l & (width - 1)) + by < (unsigned)width ? l + by : l);
}
template <class T>
T __shfl_up_sync(unsigned mask, T v, unsigned by, int width = 32) {
    unsigned l = emu::lane();
    return emu::shuffle(mask, v, (l & (width - 1)) >= by ? l - by : l);
}
inline unsigned __ballot_sync(unsigned mask, int p) { return (unsigned)emu::meet(emu::BALLOT, mask, p != 0, emu::lane()); }
inline int __any_sync(unsigned mask, int p) { return __ballot_sync(mask, p) != 0; }
inline int __all_sync(unsigned mask, int p) { return __ballot_sync(mask, !p) == 0; }
inline unsigned __activemask() { return emu::block->current->warp->alive; }

template <class T>
T emu_update(T* p, T (*f)(T, T), T v) {
    T old;
    __atomic_load(p, &old, __ATOMIC_SEQ_CST);
    for (T next = f(old, v); !__atomic_compare_exchange(p, &old, &next, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);) next = f(old, v);
    return old;
}
template <class T> T atomicAdd(T* p, std::type_identity_t<T> v) { return emu_update<T>(p, [](T a, T b) { return (T)(a + b); }, v); }
template <class T> T atomicMax(T* p, std::type_identity_t<T> v) { return emu_update<T>(p, [](T a, T b) { return std::max(a, b); }, v); }
template <class T> T atomicMin(T* p, std::type_identity_t<T> v) { return emu_update<T>(p, [](T a, T b) { return std::min(a, b); }, v); }
template <class T> T atomicExch(T* p, std::type_identity_t<T> v) { return emu_update<T>(p, [](T, T b) { return b; }, v); }
template <class T>
T atomicCAS(T* p, std::type_identity_t<T> compare, std::type_identity_t<T> v) {
    __atomic_compare_exchange(p, &compare, &v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return compare;
}
#else
#define EMU_KERNEL(kernel)
#define DYNAMIC_SHARED(T, name) extern __shared__ T name[]
#endif
#endif
