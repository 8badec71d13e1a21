// The device and its primary context. A call without a current context fails, as the driver's do.
#include <pthread.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include "software.h"

namespace {
std::mutex guard;
bool initialised = false;
int retained = 0;
void* const CONTEXT = (void*)0xC0;
typedef std::vector<void*> Stack;

// The calling thread's contexts, the current one last. Not thread_local: see emu_block.h.
Stack& contexts() {
    static pthread_key_t key;
    static const int made = pthread_key_create(&key, [](void* own) { delete (Stack*)own; });
    if (made != 0) abort();
    auto* own = (Stack*)pthread_getspecific(key);
    if (!own) pthread_setspecific(key, own = new Stack);
    return *own;
}

void* current() { return contexts().empty() ? nullptr : contexts().back(); }

struct Status {
    int code;
    const char *name, *text;
};
const Status STATUSES[] = {
    {OK, "CUDA_SUCCESS", "no error"},
    {INVALID, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALISED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {4, "CUDA_ERROR_DEINITIALIZED", "driver shutting down"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {ILLEGAL_STATE, "CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {UNSUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
    {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};
}  // namespace

API int sw_context() {
    std::lock_guard<std::mutex> lock(guard);
    if (!initialised) return NOT_INITIALISED;
    if (!current()) return INVALID_CONTEXT;
    return retained > 0 ? OK : CONTEXT_IS_DESTROYED;
}

// How often the primary context is retained at this moment.
API long sw_retained() { return retained; }

API int cuInit(unsigned) {
    CALLED("cuInit");
    initialised = true;
    return OK;
}
API int cuGetExportTable(void** table, void*) {  // NVRTC asks for it, and does not look at the answer
    *table = nullptr;
    return UNSUPPORTED;
}
API int cuDriverGetVersion(int* version) {
    CALLED("cuDriverGetVersion");
    *version = 13000;
    return OK;
}

// Calls that name a device
#define DEVICE(name, ordinal)                        \
    CALLED(name);                                    \
    if (!initialised) return NOT_INITIALISED;        \
    if (ordinal != 0) return INVALID_DEVICE

API int cuDeviceGetCount(int* count) {
    DEVICE("cuDeviceGetCount", 0);
    *count = 1;
    return OK;
}
API int cuDeviceGet(int* device, int ordinal) {
    DEVICE("cuDeviceGet", ordinal);
    *device = 0;
    return OK;
}
API int cuDeviceGetName(char* name, int room, int device) {
    DEVICE("cuDeviceGetName", device);
    snprintf(name, room, "Software device");
    return OK;
}
API int cuDeviceGetUuid(char* uuid, int device) {
    DEVICE("cuDeviceGetUuid", device);
    memcpy(uuid, "software device", 16);
    return OK;
}
API int cuDeviceGetPCIBusId(char* id, int room, int device) {
    DEVICE("cuDeviceGetPCIBusId", device);
    snprintf(id, room, "0000:00:00.0");
    return OK;
}
API int cuDeviceGetAttribute(int* value, int attribute, int device) {
    DEVICE("cuDeviceGetAttribute", device);
    const char* capability = getenv("SW_CAPABILITY");
    int cc = capability ? atoi(capability) : 90;
    switch (attribute) {
        case 1: *value = 1024; break;          // threads of a block
        case 2: case 3: *value = 1024; break;  // ... along x, y
        case 4: *value = 64; break;            // ... along z
        case 5: *value = 0x7fffffff; break;    // blocks along x
        case 6: case 7: *value = 65535; break; // ... along y, z
        case 8: *value = 49152; break;         // shared memory of a block
        case 10: *value = 32; break;           // lanes of a warp
        case 12: *value = 65536; break;        // registers of a block
        case 13: *value = 1000000; break;      // kHz
        case 16: *value = 2; break;            // multiprocessors
        case 31: *value = 1; break;            // kernels side by side
        case 36: *value = 1000000; break;      // kHz of the memory
        case 37: *value = 64; break;           // bits of its bus
        case 38: *value = 1 << 20; break;      // bytes of L2
        case 39: *value = 2048; break;         // threads of a multiprocessor
        case 41: *value = 1; break;            // unified addresses
        case 75: *value = cc / 10; break;
        case 76: *value = cc % 10; break;
        case 97: *value = 232448; break;       // shared memory of a block that asks for more
        default:
            sw_complain("cuDeviceGetAttribute(%d) is not implemented", attribute);
            return INVALID;
    }
    return OK;
}

API int cuDevicePrimaryCtxRetain(void** context, int device) {
    DEVICE("cuDevicePrimaryCtxRetain", device);
    std::lock_guard<std::mutex> lock(guard);
    retained++;
    *context = CONTEXT;
    return OK;
}
API int cuDevicePrimaryCtxRelease_v2(int device) {
    DEVICE("cuDevicePrimaryCtxRelease", device);
    std::lock_guard<std::mutex> lock(guard);
    if (retained == 0) {
        sw_complain("cuDevicePrimaryCtxRelease of a context that is not retained");
        return INVALID_CONTEXT;
    }
    retained--;
    return OK;
}
API int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
    DEVICE("cuDevicePrimaryCtxGetState", device);
    *flags = 0;
    *active = retained > 0;
    return OK;
}

API int cuCtxSetCurrent(void* context) {
    CALLED("cuCtxSetCurrent");
    if (!initialised) return NOT_INITIALISED;
    if (context && context != CONTEXT) return INVALID_CONTEXT;
    if (!contexts().empty()) contexts().pop_back();
    if (context) contexts().push_back(context);
    return OK;
}
API int cuCtxGetCurrent(void** context) {
    CALLED("cuCtxGetCurrent");
    if (!initialised) return NOT_INITIALISED;
    *context = current();
    return OK;
}
API int cuCtxPushCurrent_v2(void* context) {
    CALLED("cuCtxPushCurrent");
    if (context != CONTEXT) return INVALID_CONTEXT;
    contexts().push_back(context);
    return OK;
}
API int cuCtxPopCurrent_v2(void** context) {
    CALLED("cuCtxPopCurrent");
    if (!current()) return INVALID_CONTEXT;
    *context = current();
    contexts().pop_back();
    return OK;
}
API int cuCtxGetDevice(int* device) {
    ENTER("cuCtxGetDevice");
    *device = 0;
    return OK;
}
API int cuCtxSynchronize() {
    ENTER("cuCtxSynchronize");
    if (sw_spoils_capture()) return CAPTURE_UNSUPPORTED;
    return sw_drain();
}

static const Status* status(int code) {
    for (const Status& s : STATUSES)
        if (s.code == code) return &s;
    return nullptr;
}
API int cuGetErrorString(int code, const char** text) {
    const Status* s = status(code);
    *text = s ? s->text : nullptr;
    return s ? OK : INVALID;
}
API int cuGetErrorName(int code, const char** name) {
    const Status* s = status(code);
    *name = s ? s->name : nullptr;
    return s ? OK : INVALID;
}
