// Device memory is host memory between guard zones; copies and fills are checked against the allocations.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "software.h"

namespace {
const size_t GUARD = 512;
const unsigned char ZONE = 0xa5, POISON = 0xff;  // POISON reads as NaN in every float type
const size_t DEFAULT_TOTAL = 8ull << 30;
std::recursive_mutex guard;
typedef std::lock_guard<std::recursive_mutex> Lock;
typedef std::map<Address, size_t> Blocks;
Blocks blocks, pinned;
size_t used = 0, total = DEFAULT_TOTAL;

// From this size on a block shows the same poisoned pages again and again, each until it is written: most of a trial
// workspace of a gibibyte never is, and to fill it took longer than all that is done with it.
const size_t LARGE = 1 << 20, PATTERN = 16 << 20;

size_t room_of(size_t bytes) {
    const size_t step = bytes < LARGE ? 512 : 4096;
    return (GUARD + bytes + GUARD + step - 1) / step * step;
}

int pattern_file() {
    static const int file = [] {
        int made = memfd_create("poison", MFD_CLOEXEC);
        std::vector<unsigned char> pattern(PATTERN, POISON);
        for (size_t at = 0; at < PATTERN;) {
            ssize_t written = write(made, pattern.data() + at, PATTERN - at);
            if (written <= 0) {
                sw_complain("no file of poisoned pages can be made");
                close(made);
                return -1;
            }
            at += written;
        }
        return made;
    }();
    return file;
}

unsigned char* map_poisoned(size_t room) {
    const int access = PROT_READ | PROT_WRITE, how = MAP_PRIVATE | MAP_NORESERVE;
    void* memory = mmap(nullptr, room, access, how | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    for (size_t at = 0; at < room; at += PATTERN) {
        size_t part = room - at < PATTERN ? room - at : PATTERN;
        if (mmap((char*)memory + at, part, access, how | MAP_FIXED, pattern_file(), 0) == MAP_FAILED) {
            munmap(memory, room);
            return nullptr;
        }
    }
    return (unsigned char*)memory;
}

unsigned char* poisoned(size_t bytes) {
    const size_t room = room_of(bytes);
    if (bytes >= LARGE) return map_poisoned(room);
    unsigned char* memory = (unsigned char*)aligned_alloc(512, room);
    if (memory) memset(memory + GUARD, POISON, bytes);
    return memory;
}

void release(unsigned char* memory, size_t bytes) {
    if (bytes >= LARGE) munmap(memory, room_of(bytes));
    else free(memory);
}

bool intact(Address start, size_t bytes) {
    const unsigned char* p = (const unsigned char*)start;
    for (size_t i = 0; i < GUARD; i++)
        if (p[i - GUARD] != ZONE || p[bytes + i] != ZONE) return false;
    return true;
}

bool inside(const Blocks& all, Address start, size_t bytes) {
    Lock lock(guard);
    auto block = all.upper_bound(start);
    if (block == all.begin()) return false;
    --block;
    size_t offset = start - block->first;
    return offset <= block->second && bytes <= block->second - offset;
}

int beyond(const char* call, size_t bytes) {
    sw_complain("%s of %zu bytes reaches beyond an allocation", call, bytes);
    return ILLEGAL_ADDRESS;
}

int copy(const char* call, void* to, const void* from, size_t bytes, bool to_device, bool from_device) {
    if ((to_device && !sw_inside((Address)to, bytes)) || (from_device && !sw_inside((Address)from, bytes))) return beyond(call, bytes);
    const void* host = to_device ? from : to;
    bool begins_pinned = to_device != from_device && sw_pinned(host, 1);
    if (begins_pinned && !sw_pinned(host, bytes)) return beyond(call, bytes);
    memmove(to, from, bytes);
    return OK;
}
}  // namespace

API bool sw_inside(Address start, size_t bytes) { return inside(blocks, start, bytes); }
API bool sw_pinned(const void* start, size_t bytes) { return inside(pinned, (Address)start, bytes); }
API bool sw_watched(Address p) {
    Lock lock(guard);
    auto block = blocks.upper_bound(p + GUARD);
    if (block == blocks.begin()) return false;
    --block;
    return p <= block->first + block->second + GUARD;
}

API long sw_live_bytes() { return (long)used; }
API long sw_live_pinned() { return (long)pinned.size(); }
API void sw_set_total(long bytes) { total = (size_t)bytes; }
void reset_memory() { total = DEFAULT_TOTAL; }

// How many allocations have been written around.
API int sw_check_guards() {
    Lock lock(guard);
    int broken = 0;
    for (auto& block : blocks)
        if (!intact(block.first, block.second)) {
            sw_complain("memory of %zu bytes was written beyond its ends", block.second);
            broken++;
        }
    return broken;
}

API int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    CALLED("cuDeviceTotalMem");
    if (device != 0) return INVALID_DEVICE;
    *bytes = total;
    return OK;
}

API int cuMemGetInfo_v2(size_t* free, size_t* all) {
    ENTER("cuMemGetInfo");
    *all = total;
    *free = total > used ? total - used : 0;
    return OK;
}

API int cuMemAlloc_v2(Address* out, size_t bytes) {
    ENTER("cuMemAlloc");
    if (sw_spoils_capture()) return CAPTURE_UNSUPPORTED;
    Lock lock(guard);
    if (bytes == 0) return INVALID;
    if (bytes > total || used > total - bytes) return OUT_OF_MEMORY;
    unsigned char* memory = poisoned(bytes);
    if (!memory) return OUT_OF_MEMORY;
    memset(memory, ZONE, GUARD);
    memset(memory + GUARD + bytes, ZONE, room_of(bytes) - GUARD - bytes);
    *out = (Address)(memory + GUARD);
    blocks[*out] = bytes;
    used += bytes;
    return OK;
}

// Waits for all work, as the driver's does.
API int cuMemFree_v2(Address p) {
    ENTER("cuMemFree");
    if (p == 0) return OK;
    if (sw_spoils_capture()) return CAPTURE_UNSUPPORTED;
    int status = sw_drain();
    Lock lock(guard);
    auto block = blocks.find(p);
    if (block == blocks.end()) {
        sw_complain("cuMemFree of an address that was not allocated");
        return INVALID;
    }
    if (!intact(p, block->second)) sw_complain("memory of %zu bytes was written beyond its ends", block->second);
    used -= block->second;
    release((unsigned char*)p - GUARD, block->second);
    blocks.erase(block);
    return status;
}

API int cuMemGetAddressRange_v2(Address* start, size_t* bytes, Address p) {
    ENTER("cuMemGetAddressRange");
    Lock lock(guard);
    auto block = blocks.upper_bound(p);
    if (block == blocks.begin() || !sw_inside(p, 1)) return NOT_FOUND;
    --block;
    if (start) *start = block->first;
    if (bytes) *bytes = block->second;
    return OK;
}

API int cuMemHostAlloc(void** out, size_t bytes, unsigned) {
    ENTER("cuMemHostAlloc");
    Lock lock(guard);
    *out = nullptr;
    if (bytes == 0) return INVALID;
    *out = calloc(1, bytes);
    if (!*out) return OUT_OF_MEMORY;
    pinned[(Address)*out] = bytes;
    return OK;
}
API int cuMemAllocHost_v2(void** out, size_t bytes) {
    ENTER("cuMemAllocHost");
    return cuMemHostAlloc(out, bytes, 0);
}
API int cuMemFreeHost(void* p) {
    ENTER("cuMemFreeHost");
    int status = sw_drain();
    Lock lock(guard);
    if (!pinned.erase((Address)p)) {
        sw_complain("cuMemFreeHost of an address that was not allocated");
        return INVALID;
    }
    free(p);
    return status;
}

// Copies from and to memory that is not pinned are done at once; a graph must not hold on to such memory.
static int queue_host_copy(const char* call, void* host, void* stream, const std::function<int()>& work) {
    if (sw_pinned(host, 1)) return sw_enqueue(stream, work);
    if (sw_capturing(stream)) {
        sw_complain("%s with memory that is not pinned was captured", call);
        return INVALID;
    }
    int before = sw_drain();
    return before ? before : work();
}

API int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* stream) {
    ENTER("cuMemcpyHtoDAsync");
    return queue_host_copy("cuMemcpyHtoDAsync", (void*)from, stream, [=] { return copy("cuMemcpyHtoDAsync", (void*)to, from, bytes, true, false); });
}
API int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream) {
    ENTER("cuMemcpyDtoHAsync");
    return queue_host_copy("cuMemcpyDtoHAsync", to, stream, [=] { return copy("cuMemcpyDtoHAsync", to, (void*)from, bytes, false, true); });
}
API int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream) {
    ENTER("cuMemcpyDtoDAsync");
    return sw_enqueue(stream, [=] { return copy("cuMemcpyDtoDAsync", (void*)to, (void*)from, bytes, true, true); });
}

// Without a stream: they wait.
static int wait_and(const std::function<int()>& work) {
    if (sw_spoils_capture()) return CAPTURE_UNSUPPORTED;
    int before = sw_drain();
    return before ? before : work();
}
API int cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
    ENTER("cuMemcpyHtoD");
    return wait_and([=] { return copy("cuMemcpyHtoD", (void*)to, from, bytes, true, false); });
}
API int cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
    ENTER("cuMemcpyDtoH");
    return wait_and([=] { return copy("cuMemcpyDtoH", to, (void*)from, bytes, false, true); });
}
API int cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
    ENTER("cuMemcpyDtoD");
    return wait_and([=] { return copy("cuMemcpyDtoD", (void*)to, (void*)from, bytes, true, true); });
}

template <class T>
static int fill(const char* call, Address to, T value, size_t count) {
    if (to % sizeof(T) != 0) return INVALID;
    if (count > SIZE_MAX / sizeof(T) || !sw_inside(to, sizeof(T) * count)) return beyond(call, sizeof(T) * count);
    for (size_t i = 0; i < count; i++) ((T*)to)[i] = value;
    return OK;
}
#define FILL(bits, type)                                                                     \
    API int cuMemsetD##bits##Async(Address to, type value, size_t count, void* stream) {             \
        ENTER("cuMemsetD" #bits "Async");                                                            \
        return sw_enqueue(stream, [=] { return fill("cuMemsetD" #bits "Async", to, value, count); }); \
    }                                                                                                \
    API int cuMemsetD##bits##_v2(Address to, type value, size_t count) {                             \
        ENTER("cuMemsetD" #bits);                                                                    \
        return wait_and([=] { return fill("cuMemsetD" #bits, to, value, count); });                  \
    }
FILL(8, unsigned char)
FILL(16, unsigned short)
FILL(32, unsigned)
