// Device memory is host memory between guard zones; copies and fills are checked against the allocations.
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "software.h"

enum { OK = 0, INVALID = 1, OUT_OF_MEMORY = 2, ILLEGAL_ADDRESS = 700 };

namespace {
const size_t GUARD = 512;
const unsigned char ZONE = 0xa5, POISON = 0xff;  // POISON reads as NaN in every float type
const size_t DEFAULT_TOTAL = 8ull << 30;
std::recursive_mutex guard;
std::map<Address, size_t> blocks;
size_t used = 0, total = DEFAULT_TOTAL;
long pinned = 0;

bool intact(Address start, size_t bytes) {
    const unsigned char* p = (const unsigned char*)start;
    for (size_t i = 0; i < GUARD; i++)
        if (p[i - GUARD] != ZONE || p[bytes + i] != ZONE) return false;
    return true;
}
}  // namespace

API bool sw_inside(Address start, size_t bytes) {
    std::lock_guard<std::recursive_mutex> lock(guard);
    auto block = blocks.upper_bound(start);
    if (block == blocks.begin()) return false;
    --block;
    Address end = block->first + block->second;
    return start <= end && bytes <= end - start;
}

API long sw_live_bytes() { return (long)used; }
API long sw_live_pinned() { return pinned; }
API void sw_set_total(long bytes) { total = (size_t)bytes; }
void reset_memory() { total = DEFAULT_TOTAL; }

// How many allocations have been written around.
API int sw_check_guards() {
    std::lock_guard<std::recursive_mutex> lock(guard);
    int broken = 0;
    for (auto& block : blocks)
        if (!intact(block.first, block.second)) {
            sw_complain("memory of %zu bytes was written beyond its ends", block.second);
            broken++;
        }
    return broken;
}

API int cuMemGetInfo_v2(size_t* free, size_t* all) {
    CALLED("cuMemGetInfo");
    *all = total;
    *free = total > used ? total - used : 0;
    return OK;
}

API int cuMemAlloc_v2(Address* out, size_t bytes) {
    CALLED("cuMemAlloc");
    std::lock_guard<std::recursive_mutex> lock(guard);
    if (bytes == 0) return INVALID;
    if (bytes > total || used + bytes > total) return OUT_OF_MEMORY;
    size_t room = (GUARD + bytes + GUARD + 511) / 512 * 512;
    unsigned char* memory = (unsigned char*)aligned_alloc(512, room);
    if (!memory) return OUT_OF_MEMORY;
    memset(memory, ZONE, room);
    memset(memory + GUARD, POISON, bytes);
    *out = (Address)(memory + GUARD);
    blocks[*out] = bytes;
    used += bytes;
    return OK;
}

API int cuMemFree_v2(Address p) {
    CALLED("cuMemFree");
    std::lock_guard<std::recursive_mutex> lock(guard);
    auto block = blocks.find(p);
    if (block == blocks.end()) {
        sw_complain("cuMemFree of an address that was not allocated");
        return INVALID;
    }
    if (!intact(p, block->second)) sw_complain("memory of %zu bytes was written beyond its ends", block->second);
    used -= block->second;
    blocks.erase(block);
    free((unsigned char*)p - GUARD);
    return OK;
}

API int cuMemAllocHost_v2(void** out, size_t bytes) {
    CALLED("cuMemAllocHost");
    if (bytes == 0) return INVALID;
    *out = calloc(1, bytes);
    if (*out) pinned++;
    return *out ? OK : OUT_OF_MEMORY;
}

API int cuMemFreeHost(void* p) {
    CALLED("cuMemFreeHost");
    pinned--;
    free(p);
    return OK;
}

static int beyond(const char* call, size_t bytes) {
    sw_complain("%s of %zu bytes reaches beyond an allocation", call, bytes);
    return ILLEGAL_ADDRESS;
}

API int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* stream) {
    CALLED("cuMemcpyHtoDAsync");
    return sw_enqueue(stream, [=] {
        if (!sw_inside(to, bytes)) return beyond("cuMemcpyHtoDAsync", bytes);
        memcpy((void*)to, from, bytes);
        return (int)OK;
    });
}

API int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream) {
    CALLED("cuMemcpyDtoHAsync");
    return sw_enqueue(stream, [=] {
        if (!sw_inside(from, bytes)) return beyond("cuMemcpyDtoHAsync", bytes);
        memcpy(to, (const void*)from, bytes);
        return (int)OK;
    });
}

API int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream) {
    CALLED("cuMemcpyDtoDAsync");
    return sw_enqueue(stream, [=] {
        if (!sw_inside(from, bytes) || !sw_inside(to, bytes)) return beyond("cuMemcpyDtoDAsync", bytes);
        memmove((void*)to, (const void*)from, bytes);
        return (int)OK;
    });
}

API int cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) { return cuMemcpyHtoDAsync_v2(to, from, bytes, 0); }
API int cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) { return cuMemcpyDtoHAsync_v2(to, from, bytes, 0); }

API int cuMemsetD32Async(Address to, unsigned value, size_t count, void* stream) {
    CALLED("cuMemsetD32Async");
    return sw_enqueue(stream, [=] {
        if (count > SIZE_MAX / 4 || !sw_inside(to, 4 * count)) return beyond("cuMemsetD32Async", 4 * count);
        for (size_t i = 0; i < count; i++) memcpy((char*)to + 4 * i, &value, 4);
        return (int)OK;
    });
}

API int cuMemsetD8Async(Address to, unsigned char value, size_t count, void* stream) {
    CALLED("cuMemsetD8Async");
    return sw_enqueue(stream, [=] {
        if (!sw_inside(to, count)) return beyond("cuMemsetD8Async", count);
        memset((void*)to, value, count);
        return (int)OK;
    });
}
