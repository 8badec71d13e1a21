// What the parts of the software CUDA device share. Test scope only: it implements on the CPU those entry
// points of the driver, cuDNN, cuBLAS and NVRTC that the project uses, and fails loudly on every other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>

#define API extern "C" __attribute__((visibility("default")))

typedef uint64_t Address;

// Runs work in the stream's order: now, or, while the stream is being captured, whenever the graph is launched.
API int sw_enqueue(void* stream, const std::function<int()>& work);

// Counts a call and answers whether a fault was ordered for this one: then its status, else 0.
API int sw_called(const char* name);

// Remembers a finding for the test to read, and prints it.
API void sw_complain(const char* format, ...) __attribute__((format(printf, 1, 2)));

// Whether all bytes lie inside one allocation.
API bool sw_inside(Address start, size_t bytes);

#define CALLED(name)                              \
    do {                                          \
        if (int fault = sw_called(name)) return fault; \
    } while (0)
