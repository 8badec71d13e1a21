// The operating system threads that work is spread over: the caller and helpers that wait in between. As many as the
// machine has processors, or SW_THREADS.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "software.h"

namespace {
// Parts are taken by whoever is free. Helpers that wake late find none left; the job outlives its caller for them.
struct Job {
    const std::function<void(long)>* part;
    const long parts;
    std::atomic<long> next{0}, done{0};

    Job(const std::function<void(long)>* part, long parts) : part(part), parts(parts) {}

    bool work() {
        bool last = false;
        for (long i; (i = next++) < parts;) {
            (*part)(i);
            last = ++done == parts;
        }
        return last;
    }
};

struct Pool {
    std::mutex guard;
    std::condition_variable begun, ended;
    std::shared_ptr<Job> job;
    long helpers = 0;

    Pool() {
        const char* asked = getenv("SW_THREADS");
        long threads = asked ? atol(asked) : (long)std::thread::hardware_concurrency();
        helpers = std::max(threads - 1, 0L);
        for (long i = 0; i < helpers; i++) std::thread([this] { help(); }).detach();
    }

    void help() {
        std::shared_ptr<Job> last;
        for (;;) {
            {
                std::unique_lock<std::mutex> lock(guard);
                begun.wait(lock, [&] { return job && job != last; });
                last = job;
            }
            if (last->work()) {
                std::lock_guard<std::mutex> lock(guard);
                ended.notify_all();
            }
        }
    }

    void run(long parts, const std::function<void(long)>& part) {
        auto own = std::make_shared<Job>(&part, parts);
        {
            std::lock_guard<std::mutex> lock(guard);
            job = own;
        }
        begun.notify_all();
        own->work();
        std::unique_lock<std::mutex> lock(guard);
        ended.wait(lock, [&] { return own->done == parts; });
    }
};
}  // namespace

API void sw_parallel(long parts, const std::function<void(long)>& part) {
    static Pool* pool = new Pool;  // never destroyed: its threads live as long as the process
    if (parts > 1 && pool->helpers > 0) {
        pool->run(parts, part);
        return;
    }
    for (long i = 0; i < parts; i++) part(i);
}
