// Streams, events, graphs, devices and contexts. Work is done when it is queued, in order, except on a stream that is
// being captured, where it is recorded.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <string>
#include <vector>

#include "software.h"

enum { OK = 0, INVALID = 1, INVALID_DEVICE = 101, ILLEGAL_STATE = 401, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901 };

typedef std::vector<std::function<int()>> Graph;

namespace {
struct Stream {
    bool capturing = false, broken = false;
    Graph recorded;
};
struct Event {
    double millis = 0;
};
// One device: work of all threads takes turns, as kernels of the emulation do not run side by side.
std::recursive_mutex turn;
Stream legacy;
void* const CONTEXT = (void*)0xC0;
int retained = 0;
long streams = 0, events = 0, graphs = 0;

Stream* of(void* stream) { return stream ? (Stream*)stream : &legacy; }

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}
}  // namespace

API int sw_enqueue(void* stream, const std::function<int()>& work) {
    std::lock_guard<std::recursive_mutex> lock(turn);
    Stream* s = of(stream);
    if (s->capturing) {
        s->recorded.push_back(work);
        return OK;
    }
    return work();
}

// Streams, events and graphs that are alive, and retained contexts: zero when all is closed.
API long sw_live_objects() { return streams + events + graphs + retained; }

API int cuInit(unsigned) { CALLED("cuInit"); return OK; }
API int cuGetExportTable(void** table, void*) { *table = nullptr; return 801; }  // NVRTC asks for it unasked
API int cuDriverGetVersion(int* version) { *version = 13000; return OK; }
API int cuDeviceGetCount(int* count) { CALLED("cuDeviceGetCount"); *count = 1; return OK; }
API int cuDeviceGet(int* device, int ordinal) { *device = 0; return ordinal == 0 ? OK : INVALID_DEVICE; }
API int cuDeviceGetName(char* name, int room, int) { snprintf(name, room, "Software device"); return OK; }
API int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = 8ull << 30; return OK; }

API int cuDeviceGetAttribute(int* value, int attribute, int) {
    const char* capability = getenv("SW_CAPABILITY");
    int cc = capability ? atoi(capability) : 90;
    switch (attribute) {
        case 1: *value = 1024; break;    // threads a block
        case 10: *value = 32; break;     // warp size
        case 16: *value = 2; break;      // multiprocessors
        case 75: *value = cc / 10; break;
        case 76: *value = cc % 10; break;
        default:
            sw_complain("cuDeviceGetAttribute(%d) is not implemented", attribute);
            return INVALID;
    }
    return OK;
}

API int cuDevicePrimaryCtxRetain(void** context, int) {
    CALLED("cuDevicePrimaryCtxRetain");
    retained++;
    *context = CONTEXT;
    return OK;
}
API int cuDevicePrimaryCtxRelease_v2(int) { retained--; return OK; }
API int cuCtxSetCurrent(void* context) { CALLED("cuCtxSetCurrent"); return context == CONTEXT || !context ? OK : INVALID; }
API int cuCtxGetCurrent(void** context) { *context = CONTEXT; return OK; }
API int cuCtxSynchronize() { CALLED("cuCtxSynchronize"); return OK; }

API int cuGetErrorString(int status, const char** text) {
    static thread_local char line[32];
    snprintf(line, sizeof line, "error %d", status);
    *text = line;
    return OK;
}
API int cuGetErrorName(int status, const char** text) { return cuGetErrorString(status, text); }

API int cuStreamCreate(void** stream, unsigned) { CALLED("cuStreamCreate"); streams++; *stream = new Stream; return OK; }
API int cuStreamDestroy_v2(void* stream) { streams--; delete (Stream*)stream; return OK; }
API int cuStreamSynchronize(void* stream) {
    CALLED("cuStreamSynchronize");
    if (!of(stream)->capturing) return OK;
    of(stream)->broken = true;
    return CAPTURE_UNSUPPORTED;
}
API int cuStreamQuery(void*) { return OK; }
API int cuStreamWaitEvent(void*, void*, unsigned) { return OK; }

API int cuStreamIsCapturing(void* stream, int* status) { *status = of(stream)->capturing; return OK; }

API int cuStreamBeginCapture_v2(void* stream, int) {
    CALLED("cuStreamBeginCapture");
    if (!stream) return CAPTURE_UNSUPPORTED;
    Stream* s = of(stream);
    if (s->capturing) return ILLEGAL_STATE;
    s->capturing = true;
    s->broken = false;
    s->recorded.clear();
    return OK;
}

API int cuStreamEndCapture(void* stream, void** graph) {
    Stream* s = of(stream);
    if (!s->capturing) return INVALID;
    s->capturing = false;
    *graph = nullptr;
    CALLED("cuStreamEndCapture");
    if (s->broken) return CAPTURE_INVALIDATED;
    graphs++;
    *graph = new Graph(std::move(s->recorded));
    return OK;
}

API int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    CALLED("cuGraphInstantiate");
    graphs++;
    *executable = new Graph(*(Graph*)graph);
    return OK;
}
API int cuGraphGetNodes(void* graph, void*, size_t* count) { *count = ((Graph*)graph)->size(); return OK; }
API int cuGraphLaunch(void* executable, void* stream) {
    CALLED("cuGraphLaunch");
    Graph* graph = (Graph*)executable;
    return sw_enqueue(stream, [=] {
        for (auto& work : *graph)
            if (int status = work()) return status;
        return (int)OK;
    });
}
API int cuGraphUpload(void*, void*) { return OK; }
API int cuGraphExecDestroy(void* executable) { graphs--; delete (Graph*)executable; return OK; }
API int cuGraphDestroy(void* graph) { if (graph) { graphs--; delete (Graph*)graph; } return OK; }

API int cuEventCreate(void** event, unsigned) { CALLED("cuEventCreate"); events++; *event = new Event; return OK; }
API int cuEventDestroy_v2(void* event) { events--; delete (Event*)event; return OK; }
API int cuEventRecord(void* event, void* stream) {
    CALLED("cuEventRecord");
    return sw_enqueue(stream, [=] { ((Event*)event)->millis = now(); return (int)OK; });
}
API int cuEventSynchronize(void*) { CALLED("cuEventSynchronize"); return OK; }
API int cuEventQuery(void*) { return OK; }
API int cuEventElapsedTime(float* millis, void* from, void* to) {
    *millis = (float)(((Event*)to)->millis - ((Event*)from)->millis);
    return OK;
}
