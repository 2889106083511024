#include "capi/common/guard.h"
#include "capi/common/sized_output.h"
#include "capi/k4a/bench_world.h"
#include "device/sim/bench.h"
#include "k4a/genlock_extras.h"

// What no other libk4a has: the host that the simulated units are plugged into.

using namespace genlock;
using namespace genlock::capi;

namespace {

template <class Give>
k4a_buffer_result_t give_of_host(const char* function, Give give) {
  return guarded(function, K4A_BUFFER_RESULT_FAILED, [&]() -> Result<k4a_buffer_result_t> {
    GENLOCK_ASSIGN(const auto bench, current_bench());
    return give(bench->host());
  });
}

}  // namespace

extern "C" {

uint64_t genlock_host_monotonic_nsec(void) {
  return guarded<uint64_t>(__func__, 0, []() -> Result<uint64_t> {
    GENLOCK_ASSIGN(const auto bench, current_bench());
    return static_cast<uint64_t>(count_ns(bench->clock().now()));
  });
}

uint64_t genlock_host_wall_nsec(void) {
  return guarded<uint64_t>(__func__, 0, []() -> Result<uint64_t> {
    GENLOCK_ASSIGN(const auto bench, current_bench());
    return static_cast<uint64_t>(count_ns(bench->clock().wall_now()));
  });
}

k4a_buffer_result_t genlock_host_name(char* name, size_t* name_size) {
  return give_of_host(__func__,
                      [&](const HostIdentity& host) { return give_text(host.name, name, name_size); });
}

k4a_buffer_result_t genlock_host_boot_id(char* boot_id, size_t* boot_id_size) {
  return give_of_host(
      __func__, [&](const HostIdentity& host) { return give_text(host.boot_id, boot_id, boot_id_size); });
}

}  // extern "C"
