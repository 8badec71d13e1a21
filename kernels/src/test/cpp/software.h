// What the parts of the software CUDA device share. Test scope only: it implements on the CPU those entry
// points of the driver, cuDNN, cuBLAS and NVRTC that the project uses, and fails loudly on every other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

#define API extern "C" __attribute__((visibility("default")))

typedef uint64_t Address;

// Statuses of the driver
inline constexpr int OK = 0,
    INVALID = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALISED = 3,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_HANDLE = 400,
    ILLEGAL_STATE = 401,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    CONTEXT_IS_DESTROYED = 709,
    LAUNCH_FAILED = 719,
    UNSUPPORTED = 801,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901;

// Runs work in the stream's order: now (or, on a lazy device, when somebody waits for it), or, while the stream is
// being captured, whenever the graph is launched.
API int sw_enqueue(void* stream, const std::function<int()>& work);

// Finishes what was queued on all streams.
API int sw_drain();

// Whether a stream is being captured in a way that forbids calls which touch the whole device; such a call spoils it.
API bool sw_spoils_capture();

API bool sw_capturing(void* stream);

// Counts a call and answers whether a fault was ordered for this one: then its status, else 0.
API int sw_called(const char* name);

// Remembers a finding for the test to read, and prints it.
API void sw_complain(const char* format, ...) __attribute__((format(printf, 1, 2)));

// An entry point that is not implemented: complains and answers the status.
API int sw_unknown(const char* name, int status);

// Whether all bytes lie inside one allocation of device memory, of pinned memory.
API bool sw_inside(Address start, size_t bytes);
API bool sw_pinned(const void* start, size_t bytes);

// Whether the address lies in device memory or in the zones around it, where a write is found later.
API bool sw_watched(Address p);

// Why the calling thread cannot use the device; 0: it can.
API int sw_context();

// Calls part(0) ... part(parts - 1), on several threads of the operating system.
API void sw_parallel(long parts, const std::function<void(long)>& part);

// Every entry point begins with one of these: CALLED counts it, ENTER also wants a current context.
#define CALLED(name)                                   \
    do {                                               \
        if (int fault = sw_called(name)) return fault; \
    } while (0)
#define ENTER(name)                                  \
    do {                                             \
        CALLED(name);                                \
        if (int why = sw_context()) return why;      \
    } while (0)
