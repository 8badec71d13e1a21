// Streams, events and graphs. Work is done in order: when it is queued or, on a lazy device, when somebody waits for
// it; on a stream that is being captured it is recorded instead. A lazy device finds results that are read, and
// memory that is reused, before anybody waited.
#include "software.h"

#include <cstdlib>
#include <ctime>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

typedef std::function<int()> Work;
typedef std::vector<Work> Graph;

namespace {
enum CaptureMode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };
enum { TIMING_DISABLED = 2 };

struct Stream {
    bool capturing = false, broken = false;
    int mode = 0;
    std::thread::id captor;
    Graph recorded;
    std::deque<Work> queue;
};
struct Event {
    bool timed = true, recorded = false, pending = false;
    double millis = 0;
    Stream* stream = nullptr;
};

// One device: work of all threads takes turns.
std::recursive_mutex turn;
typedef std::lock_guard<std::recursive_mutex> Turn;
Stream legacy;
std::set<void*> streams, events, graphs;
bool lazy = getenv("SW_LAZY") != nullptr;

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

bool known(const std::set<void*>& all, void* one, const char* what) {
    Turn mine(turn);
    if (all.count(one)) return true;
    sw_complain("%s was used that does not exist (any more)", what);
    return false;
}
Stream* stream_of(void* stream) {
    if (!stream) return &legacy;
    return known(streams, stream, "a stream") ? (Stream*)stream : nullptr;
}

int drain(Stream& s) {
    int first = OK;
    while (!s.queue.empty()) {
        Work work = std::move(s.queue.front());
        s.queue.pop_front();
        int status = work();
        if (first == OK) first = status;
    }
    return first;
}
int run(const Graph& graph) {
    for (const Work& work : graph)
        if (int status = work()) return status;
    return OK;
}
}  // namespace

API int sw_enqueue(void* stream, const Work& work) {
    Turn mine(turn);
    Stream* s = stream_of(stream);
    if (!s) return INVALID_HANDLE;
    if (s->capturing) s->recorded.push_back(work);
    else if (lazy) s->queue.push_back(work);
    else return work();
    return OK;
}

API int sw_drain() {
    Turn mine(turn);
    int first = drain(legacy);
    for (void* s : streams) {
        int status = drain(*(Stream*)s);
        if (first == OK) first = status;
    }
    return first;
}

API bool sw_spoils_capture() {
    Turn mine(turn);
    bool spoiled = false;
    for (void* one : streams) {
        auto* s = (Stream*)one;
        if (!s->capturing || s->mode == RELAXED || (s->mode == THREAD_LOCAL && s->captor != std::this_thread::get_id())) continue;
        s->broken = spoiled = true;
    }
    return spoiled;
}

API bool sw_capturing(void* stream) {
    Turn mine(turn);
    return stream && streams.count(stream) && ((Stream*)stream)->capturing;
}

// Whether queued work waits until somebody waits for it.
API void sw_lazy(int on) {
    sw_drain();
    lazy = on != 0;
}
void reset_streams() { sw_lazy(getenv("SW_LAZY") != nullptr); }

// Streams, events and graphs that are alive: zero when all is closed.
API long sw_live_streams() {
    Turn mine(turn);
    return (long)(streams.size() + events.size() + graphs.size());
}

API int cuStreamCreate(void** stream, unsigned) {
    ENTER("cuStreamCreate");
    Turn mine(turn);
    streams.insert(*stream = new Stream);
    return OK;
}
API int cuStreamDestroy_v2(void* stream) {
    ENTER("cuStreamDestroy");
    Turn mine(turn);
    if (!known(streams, stream, "a stream")) return INVALID_HANDLE;
    int status = drain(*(Stream*)stream);
    streams.erase(stream);
    for (void* e : events)
        if (((Event*)e)->stream == stream) ((Event*)e)->stream = nullptr;
    delete (Stream*)stream;
    return status;
}
API int cuStreamSynchronize(void* stream) {
    ENTER("cuStreamSynchronize");
    Turn mine(turn);
    Stream* s = stream_of(stream);
    if (!s) return INVALID_HANDLE;
    if (!s->capturing) return drain(*s);
    s->broken = true;
    return CAPTURE_UNSUPPORTED;
}
API int cuStreamQuery(void* stream) {
    ENTER("cuStreamQuery");
    Turn mine(turn);
    Stream* s = stream_of(stream);
    if (!s) return INVALID_HANDLE;
    if (s->capturing) {
        s->broken = true;
        return CAPTURE_UNSUPPORTED;
    }
    if (s->queue.empty()) return OK;
    int status = drain(*s);  // it will be done when asked the next time
    return status ? status : NOT_READY;
}
API int cuStreamWaitEvent(void* stream, void* event, unsigned) {
    ENTER("cuStreamWaitEvent");
    Turn mine(turn);
    if (!stream_of(stream) || !known(events, event, "an event")) return INVALID_HANDLE;
    auto* e = (Event*)event;
    if (stream != e->stream && (sw_capturing(stream) || sw_capturing(e->stream))) return sw_unknown("a capture across streams", UNSUPPORTED);
    return sw_enqueue(stream, [=] { return e->pending && e->stream ? drain(*e->stream) : OK; });
}
API int cuStreamIsCapturing(void* stream, int* status) {
    ENTER("cuStreamIsCapturing");
    *status = sw_capturing(stream);
    return OK;
}

API int cuStreamBeginCapture_v2(void* stream, int mode) {
    ENTER("cuStreamBeginCapture");
    Turn mine(turn);
    if (!stream) return CAPTURE_UNSUPPORTED;
    Stream* s = stream_of(stream);
    if (!s) return INVALID_HANDLE;
    if (s->capturing) return ILLEGAL_STATE;
    if (mode < GLOBAL || mode > RELAXED) return INVALID;
    s->capturing = true;
    s->broken = false;
    s->mode = mode;
    s->captor = std::this_thread::get_id();
    s->recorded.clear();
    return OK;
}
API int cuStreamEndCapture(void* stream, void** graph) {
    Turn mine(turn);
    *graph = nullptr;
    Stream* s = stream_of(stream);
    if (!s) return INVALID_HANDLE;
    if (!s->capturing) return INVALID;
    s->capturing = false;  // whatever comes, as the driver does
    ENTER("cuStreamEndCapture");
    if (s->broken) return CAPTURE_INVALIDATED;
    graphs.insert(*graph = new Graph(std::move(s->recorded)));
    return OK;
}

API int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    ENTER("cuGraphInstantiate");
    Turn mine(turn);
    if (!known(graphs, graph, "a graph")) return INVALID_HANDLE;
    graphs.insert(*executable = new Graph(*(Graph*)graph));
    return OK;
}
API int cuGraphGetNodes(void* graph, void** nodes, size_t* count) {
    ENTER("cuGraphGetNodes");
    if (!known(graphs, graph, "a graph")) return INVALID_HANDLE;
    if (nodes) return sw_unknown("cuGraphGetNodes of the nodes themselves", UNSUPPORTED);
    *count = ((Graph*)graph)->size();
    return OK;
}
API int cuGraphLaunch(void* executable, void* stream) {
    ENTER("cuGraphLaunch");
    Turn mine(turn);
    if (!known(graphs, executable, "a graph")) return INVALID_HANDLE;
    if (sw_capturing(stream)) return sw_unknown("cuGraphLaunch into a capture", UNSUPPORTED);
    return sw_enqueue(stream, [=] { return run(*(Graph*)executable); });
}
API int cuGraphUpload(void* executable, void*) {
    ENTER("cuGraphUpload");
    return known(graphs, executable, "a graph") ? OK : INVALID_HANDLE;
}
static int destroy_graph(void* graph) {
    Turn mine(turn);
    if (!known(graphs, graph, "a graph")) return INVALID_HANDLE;
    int status = sw_drain();
    graphs.erase(graph);
    delete (Graph*)graph;
    return status;
}
API int cuGraphExecDestroy(void* executable) {
    ENTER("cuGraphExecDestroy");
    return destroy_graph(executable);
}
API int cuGraphDestroy(void* graph) {
    ENTER("cuGraphDestroy");
    return destroy_graph(graph);
}

API int cuEventCreate(void** event, unsigned flags) {
    ENTER("cuEventCreate");
    Turn mine(turn);
    auto* e = new Event;
    e->timed = !(flags & TIMING_DISABLED);
    events.insert(*event = e);
    return OK;
}
API int cuEventDestroy_v2(void* event) {
    ENTER("cuEventDestroy");
    Turn mine(turn);
    if (!known(events, event, "an event")) return INVALID_HANDLE;
    int status = ((Event*)event)->pending ? sw_drain() : OK;
    events.erase(event);
    delete (Event*)event;
    return status;
}
API int cuEventRecord(void* event, void* stream) {
    ENTER("cuEventRecord");
    Turn mine(turn);
    Stream* s = stream_of(stream);
    if (!s || !known(events, event, "an event")) return INVALID_HANDLE;
    auto* e = (Event*)event;
    e->stream = s;
    e->recorded = true;
    if (s->capturing) return OK;  // tells the graph's order only
    e->pending = true;
    return sw_enqueue(stream, [=] {
        e->millis = now();
        e->pending = false;
        return OK;
    });
}
API int cuEventSynchronize(void* event) {
    ENTER("cuEventSynchronize");
    Turn mine(turn);
    if (!known(events, event, "an event")) return INVALID_HANDLE;
    auto* e = (Event*)event;
    return e->pending && e->stream ? drain(*e->stream) : OK;
}
API int cuEventQuery(void* event) {
    ENTER("cuEventQuery");
    Turn mine(turn);
    if (!known(events, event, "an event")) return INVALID_HANDLE;
    auto* e = (Event*)event;
    if (!e->pending) return OK;
    int status = e->stream ? drain(*e->stream) : OK;  // it will be done when asked the next time
    return status ? status : NOT_READY;
}
API int cuEventElapsedTime(float* millis, void* from, void* to) {
    ENTER("cuEventElapsedTime");
    Turn mine(turn);
    if (!known(events, from, "an event") || !known(events, to, "an event")) return INVALID_HANDLE;
    auto *a = (Event*)from, *b = (Event*)to;
    if (!a->timed || !b->timed || !a->recorded || !b->recorded) return INVALID_HANDLE;
    if (a->pending || b->pending) return NOT_READY;
    *millis = (float)(b->millis - a->millis);
    return OK;
}
