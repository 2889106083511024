#include <cstring>

#include "recording/rivals.h"

namespace genlock::bench {
namespace {

/// As many captures as a recorder holds back that waits two seconds for late data.
constexpr std::size_t kHeldBack = 60;

void copy(const Capture& capture, std::vector<std::byte>& to) {
  std::size_t at = 0;
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir}) {
    std::memcpy(to.data() + at, (*image)->data.data(), (*image)->data.size());
    at += (*image)->data.size();
  }
}

}  // namespace

Result<Work> pace_memcpy(const Load& load, std::size_t captures) {
  const std::size_t most = bytes_of(load.capture(0)) + load.largest_jpeg();
  std::vector<std::vector<std::byte>> copies(kHeldBack, std::vector<std::byte>(most));
  CameraMemory camera(load);
  PacedCalls calls;
  const HostTime start = system_clock().now();
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture capture = camera.capture(i);
    wait_for_frame(start, i);
    GENLOCK_TRY(calls.time([&]() -> Status {
      copy(capture, copies[i % kHeldBack]);
      return {};
    }));
  }
  return Work{std::chrono::duration<double>(system_clock().now() - start).count(), calls.take()};
}

}  // namespace genlock::bench
