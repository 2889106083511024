#include "rig/host.h"

#include <sys/timex.h>

#include <cerrno>
#include <cstdlib>

#include "base/capture.h"

namespace genlock::rig {
namespace {

Result<ClockState> ask_clock() {
  timex state{};
  const int result = ::adjtimex(&state);
  if (result < 0) return error_from_errno(errno, "asking the kernel whether the clock is synchronised");
  return ClockState{.synchronised = result != TIME_ERROR && (state.status & STA_UNSYNC) == 0,
                    .error_bound_s = static_cast<double>(state.maxerror) / 1e6};
}

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

Host local_host(const std::filesystem::path& folder) {
  return {.name = this_host().name,
          .folder = folder,
          .display = environment("DISPLAY"),
          .library_path = environment("LD_LIBRARY_PATH").value_or(""),
          .now = [] { return system_clock().now(); },
          .clock = ask_clock,
          .disk = measure_disk};
}

}  // namespace genlock::rig
