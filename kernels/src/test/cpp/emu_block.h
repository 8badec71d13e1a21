// Runs the threads of a block as fibers, so that barriers and warp functions are real meeting points. A fiber that
// comes to a thread's end takes the next thread itself: threads that never wait cost no switch. Blocks are spread over
// operating system threads where the caller lends some.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "emu_vector.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#else
#include <link.h>
#endif

namespace emu {
enum State { NEW, RUNNING, READY, AT_BLOCK, AT_WARP, DONE };
enum Op { SHUFFLE, BALLOT, SYNC };
struct Warp {
    unsigned first = 0, alive = 0, arrived = 0;
    unsigned mask[32], source[32];
    Op op[32];
    uint64_t value[32], result[32];
};
struct Fiber {
    char* stack = nullptr;
    void* top = nullptr;  // where it stopped
};
struct Thread {
    uint3 id;
    unsigned lane;
    Warp* warp;
    State state;
    int line;  // of the barrier it waits at
    Fiber* fiber;
};
// What one operating system thread works on.
struct Block {
    dim3 grid, shape;
    uint3 id;
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    std::vector<unsigned> order;
    size_t next = 0;  // of order: the first thread not begun
    Thread* current = nullptr;
    std::vector<char> dynamic;
    const std::function<void()>* body = nullptr;
    std::vector<Fiber*> idle;
    Fiber* running = nullptr;
    void* scheduler = nullptr;  // where the scheduler stopped
    const void* scheduler_stack = nullptr;
    size_t scheduler_bytes = 0;
    std::string failure;
    void* storage = nullptr;  // the thread-local storage that static shared memory is part of
    size_t storage_bytes = 0;
};
// Of this operating system thread. Nothing else of the library that holds the kernels may be thread-local: shared
// memory is, and fill_shared() overwrites them all.
inline thread_local Block* block = nullptr;

inline constexpr size_t PAGE = 4096;
inline constexpr unsigned char PATTERN = 0x7f;  // as float 3.39e38: unlike what a kernel left there

#if defined(__SANITIZE_ADDRESS__)
inline constexpr size_t STACK = 512 * 1024;
inline void before_switch(void** fake, const void* bottom, size_t size) { __sanitizer_start_switch_fiber(fake, bottom, size); }
inline void after_switch(void* fake, const void** bottom, size_t* size) { __sanitizer_finish_switch_fiber(fake, bottom, size); }
inline void clean(char* stack) { __asan_unpoison_memory_region(stack, STACK); }
#else
inline constexpr size_t STACK = 128 * 1024;
inline void before_switch(void**, const void*, size_t) {}
inline void after_switch(void*, const void**, size_t*) {}
inline void clean(char*) {}
#endif

// Stops here, leaving the callee's registers on this stack, and goes on where the other stack stopped.
__attribute__((naked, noinline)) inline void switch_stacks(void** /*from*/, void* /*to*/) {
    asm("pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n\t"
        "movq %rsp, (%rdi); movq %rsi, %rsp\n\t"
        "popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp\n\t"
        "ret");
}

inline void to_scheduler() {
    Block& b = *block;
    void* fake = nullptr;
    before_switch(&fake, b.scheduler_stack, b.scheduler_bytes);
    switch_stacks(&b.running->top, b.scheduler);
    after_switch(fake, nullptr, nullptr);
}

// What a fiber does: threads, one after the other, as long as there are some that have not begun.
inline void fiber_main() {
    after_switch(nullptr, &block->scheduler_stack, &block->scheduler_bytes);
    for (;;) {
        Block& b = *block;
        while (b.next < b.order.size()) {
            b.current = &b.threads[b.order[b.next++]];
            b.current->fiber = b.running;
            b.current->state = RUNNING;
            (*b.body)();
            Thread& done = *b.current;
            done.state = DONE;
            done.warp->alive &= ~(1u << done.lane);
        }
        b.idle.push_back(b.running);
        to_scheduler();
    }
}

inline void prepare(Fiber* f) {
    // a fiber's first "return" is into fiber_main, with the stack as after a call
    static_assert(sizeof(void*) == 8);
    size_t colour = (uintptr_t)f->stack / (STACK + PAGE) % 61 * 64;  // stacks must not share cache sets
    void** top = (void**)(f->stack + STACK - colour);
    *--top = nullptr;
    *--top = (void*)fiber_main;
    top -= 6;
    std::memset(top, 0, 6 * sizeof(void*));
    f->top = top;
}

inline Fiber* idle_fiber(Block& b) {
    if (b.idle.empty()) {
        auto* f = new Fiber;  // kept for the life of the process
        void* room = mmap(nullptr, PAGE + STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (room == MAP_FAILED) std::abort();
        mprotect(room, PAGE, PROT_NONE);  // a stack that is too small is met here
        f->stack = (char*)room + PAGE;
        prepare(f);
        b.idle.push_back(f);
    }
    Fiber* f = b.idle.back();
    b.idle.pop_back();
    return f;
}

inline void resume(Block& b, Fiber* f) {
    b.running = f;
    void* fake = nullptr;
    before_switch(&fake, f->stack, STACK);
    switch_stacks(&b.scheduler, f->top);
    after_switch(fake, nullptr, nullptr);
}

inline std::string place(const Block& b, const Thread& t, const std::string& what) {
    char line[400];
    std::snprintf(line, sizeof line, "%s in block (%u,%u,%u), thread (%u,%u,%u)", what.c_str(), b.id.x, b.id.y, b.id.z, t.id.x, t.id.y, t.id.z);
    return line;
}

// Remembers what went wrong.
inline bool failed(const char* what) {
    block->failure = place(*block, *block->current, what);
    return false;
}

// Whether all living lanes of the mask are here, with this same mask; then they go on.
inline bool complete(Warp& w, unsigned mask) {
    unsigned need = mask & w.alive;
    if ((w.arrived & need) != need) return false;
    unsigned ballot = 0;
    int first = -1;
    for (unsigned l = 0; l < 32; l++) {
        if (!(need >> l & 1)) continue;
        if (w.mask[l] != mask) return failed("lanes of one mask gave different masks");
        if (first >= 0 && w.op[l] != w.op[first]) return failed("lanes of one mask met in different warp functions");
        if (w.op[l] == SHUFFLE && !(need >> w.source[l] & 1)) return failed("a shuffle reads a lane that is not in the mask");
        first = (int)l;
        if (w.value[l]) ballot |= 1u << l;
    }
    for (unsigned l = 0; l < 32; l++) {
        if (!(need >> l & 1)) continue;
        w.result[l] = w.op[l] == BALLOT ? ballot : w.value[w.source[l]];
        Thread& t = block->threads[w.first + l];
        if (t.state == AT_WARP) t.state = READY;
    }
    w.arrived &= ~need;
    return true;
}

// Within a kernel: lets others go on. After a failure the thread is given up here.
inline void wait(State state) {
    block->current->state = state;
    to_scheduler();
    block->current->state = RUNNING;
}

inline uint64_t meet(Op op, unsigned mask, uint64_t value, unsigned source) {
    Thread* t = block->current;
    Warp& w = *t->warp;
    unsigned l = t->lane;
    if (!(mask >> l & 1)) {
        failed("the calling lane is not in the mask");
        wait(AT_WARP);
    }
    w.op[l] = op;
    w.mask[l] = mask;
    w.value[l] = value;
    w.source[l] = source;
    w.arrived |= 1u << l;
    if (!complete(w, mask)) wait(AT_WARP);
    return w.result[l];
}

inline void barrier(int line) {
    block->current->line = line;
    wait(AT_BLOCK);
}

inline void shape_threads(Block& b, dim3 shape) {
    unsigned n = shape.x * shape.y * shape.z;
    b.shape = shape;
    b.threads.resize(n);
    b.warps.assign((n + 31) / 32, Warp());
    b.order.resize(n);
    for (unsigned i = 0; i < n; i++) {
        b.threads[i] = {{i % shape.x, i / shape.x % shape.y, i / (shape.x * shape.y)}, i % 32, &b.warps[i / 32], NEW, 0, nullptr};
        b.warps[i / 32].first = i & ~31u;
    }
}

// Lets every thread that can go on do so, once; false if there was none.
inline bool resume_ready(Block& b) {
    bool any = false;
    for (unsigned i : b.order) {
        if (b.threads[i].state != READY) continue;
        any = true;
        b.current = &b.threads[i];
        resume(b, b.current->fiber);
        if (!b.failure.empty()) return true;
    }
    return any;
}

// Nobody can go on: the barrier opens if all who live are at it.
inline bool open_barrier(Block& b, size_t alive) {
    size_t waiting = 0;
    int line = -1;
    for (Thread& t : b.threads) {
        if (t.state != AT_BLOCK) continue;
        waiting++;
        if (line >= 0 && t.line != line) {
            b.failure = place(b, t, "threads met at different barriers, lines " + std::to_string(line) + " and " + std::to_string(t.line) + ",");
            return false;
        }
        line = t.line;
    }
    if (waiting != alive) return false;
    for (Thread& t : b.threads)
        if (t.state == AT_BLOCK) t.state = READY;
    return true;
}

// Lanes may have left since others of their warp arrived.
inline bool open_warps(Block& b) {
    bool any = false;
    for (Thread& t : b.threads) {
        if (t.state != AT_WARP) continue;
        unsigned need = t.warp->mask[t.lane] & t.warp->alive;
        if ((t.warp->arrived & need) != need) continue;
        b.current = &t;
        any |= complete(*t.warp, t.warp->mask[t.lane]);
    }
    return any;
}

inline void run_threads(Block& b) {
    for (Warp& w : b.warps) w.alive = w.arrived = 0;
    for (Thread& t : b.threads) {
        t.state = NEW;
        t.warp->alive |= 1u << t.lane;
    }
    b.next = 0;
    for (;;) {
        while (b.next < b.order.size() && b.failure.empty()) resume(b, idle_fiber(b));
        while (b.failure.empty() && resume_ready(b)) {}
        size_t alive = 0;
        const Thread* stuck = nullptr;
        for (Thread& t : b.threads)
            if (t.state != DONE) alive++, stuck = &t;
        if (!b.failure.empty() || !alive) return;
        if (open_barrier(b, alive) || open_warps(b)) continue;
        if (b.failure.empty()) b.failure = place(b, *stuck, "threads wait for each other for ever (barrier or warp function not reached by all)");
        return;
    }
}

// After a failure the fibers of the threads that were given up begin anew.
inline void give_up(Block& b) {
    for (Thread& t : b.threads) {
        if (t.state == DONE || t.state == NEW || !t.fiber) continue;
        clean(t.fiber->stack);
        prepare(t.fiber);
        b.idle.push_back(t.fiber);
    }
}

// Static shared memory is thread-local storage of the library that holds the kernels: it is filled before every block,
// so that what a kernel reads before it writes is seen. For AddressSanitizer it is an ordinary static in a section.
#if defined(__SANITIZE_ADDRESS__)
inline void find_storage(Block&) {}
extern "C" {
extern char __start_emu_shared __attribute__((weak)), __stop_emu_shared __attribute__((weak));
}
__attribute__((no_sanitize("address"), noinline)) inline void fill_shared(Block&) {  // across the zones between the arrays
    if (&__start_emu_shared)
        for (volatile char* p = &__start_emu_shared; p != &__stop_emu_shared; p++) *p = (char)PATTERN;
}
#else
inline void find_storage(Block& b) {
    dl_iterate_phdr(
        [](dl_phdr_info* info, size_t, void* out) {
            char *start = (char*)info->dlpi_tls_data, *mine = (char*)&block;
            for (int i = 0; start && i < info->dlpi_phnum; i++) {
                size_t bytes = info->dlpi_phdr[i].p_memsz;
                if (info->dlpi_phdr[i].p_type != PT_TLS || mine < start || mine >= start + bytes) continue;
                ((Block*)out)->storage = start;
                ((Block*)out)->storage_bytes = bytes;
            }
            return 0;
        },
        &b);
}
inline void fill_shared(Block& b) {
    std::memset(b.storage, PATTERN, b.storage_bytes);
    block = &b;
}
#endif

// This operating system thread's, kept for the life of the process.
inline Block& own_block() {
    if (!block) {
        block = new Block;
        find_storage(*block);
    }
    return *block;
}

// Lends operating system threads: calls part(0) ... part(parts - 1), in any order and side by side. None by default.
using Parallel = void (*)(long parts, const std::function<void(long)>& part);
inline Parallel parallel = nullptr;

/**
 * Runs body once for every CUDA thread. Seed 0: threads and blocks in order, 1: reversed, else shuffled: other
 * schedules find missing barriers. Answers what went wrong, else nothing.
 */
inline std::string launch(dim3 grid, dim3 shape, size_t dynamic, const std::function<void()>& body, unsigned seed = 0) {
    const uint64_t blocks = (uint64_t)grid.x * grid.y * grid.z, threads = (uint64_t)shape.x * shape.y * shape.z;
    uint64_t step = 1;  // block i of the schedule is block i step mod blocks
    if (seed > 1 && blocks > 1)
        for (step = std::mt19937(seed)() % blocks; std::gcd(step, blocks) != 1;) step++;
    const bool side_by_side = parallel && blocks > 1 && blocks * threads > 2048;
    const long parts = side_by_side ? (long)std::min<uint64_t>(blocks, 16) : 1;
    std::string failure;
    std::mutex guard;
    auto part = [&](long p) {
        Block& b = own_block();
        b.grid = grid;
        shape_threads(b, shape);
        std::iota(b.order.begin(), b.order.end(), 0u);
        std::mt19937 random(seed);
        if (seed == 1) std::reverse(b.order.begin(), b.order.end());
        b.dynamic.resize(dynamic + 16);
        b.body = &body;
        b.failure.clear();
        for (uint64_t i = blocks * p / parts, end = blocks * (p + 1) / parts; i < end && b.failure.empty(); i++) {
            uint64_t at = seed == 1 ? blocks - 1 - i : (uint64_t)((unsigned __int128)i * step % blocks);
            b.id = {(unsigned)(at % grid.x), (unsigned)(at / grid.x % grid.y), (unsigned)(at / grid.x / grid.y)};
            if (seed > 1) std::shuffle(b.order.begin(), b.order.end(), random);
            std::fill(b.dynamic.begin(), b.dynamic.end(), (char)PATTERN);
            fill_shared(b);
            run_threads(b);
        }
        if (!b.failure.empty()) {
            give_up(b);
            std::lock_guard<std::mutex> lock(guard);
            if (failure.empty()) failure = b.failure;
        }
    };
    if (parts == 1) part(0);
    else parallel(parts, part);
    return failure;
}
}  // namespace emu
