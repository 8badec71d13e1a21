// Faults on order, counters and findings: what a test steers the device by.
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "software.h"

namespace {
struct Fault {
    long in;  // calls until it strikes; always: every call
    int status;
    bool always;
};
std::mutex guard;
std::map<std::string, long> counts;
std::map<std::string, Fault> faults;
std::string findings;
}  // namespace

API int sw_called(const char* name) {
    std::lock_guard<std::mutex> lock(guard);
    counts[name]++;
    auto fault = faults.find(name);
    if (fault == faults.end() || (!fault->second.always && --fault->second.in > 0)) return 0;
    int status = fault->second.status;
    if (!fault->second.always) faults.erase(fault);
    return status;
}

// The n-th call of `name` from now on answers `status`; n = 0: every call does.
API void sw_fail(const char* name, long n, int status) {
    std::lock_guard<std::mutex> lock(guard);
    faults[name] = {n, status, n == 0};
}

// How often `name` was called since the last reset.
API long sw_count(const char* name) {
    std::lock_guard<std::mutex> lock(guard);
    auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
}

API void sw_complain(const char* format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    std::lock_guard<std::mutex> lock(guard);
    fprintf(stderr, "software CUDA device: %s\n", line);
    findings += line;
    findings += '\n';
}

API int sw_unknown(const char* name, int status) {
    sw_called(name);
    sw_complain("%s is not implemented", name);
    return status;
}

// Copies the findings so far, ended by a zero; returns their length.
API long sw_findings(char* out, long room) {
    std::lock_guard<std::mutex> lock(guard);
    if (room > 0) {
        strncpy(out, findings.c_str(), room - 1);
        out[room - 1] = 0;
    }
    return (long)findings.size();
}

void reset_memory();
void reset_streams();
void reset_launches();

API void sw_reset() {
    {
        std::lock_guard<std::mutex> lock(guard);
        counts.clear();
        faults.clear();
        findings.clear();
    }
    reset_memory();
    reset_streams();
    reset_launches();
}
