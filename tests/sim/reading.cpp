#include "reading.h"

#include <gtest/gtest.h>

#include "device/sim/images/pulse_code.h"

namespace genlock::device::sim {

using std::chrono::milliseconds;
using test::TemporaryBench;

std::optional<Capture> next(TemporaryBench& bench, Device& unit, HostDuration limit) {
  for (HostDuration waited{}; waited <= limit; waited += milliseconds(10)) {
    auto capture = unit.next_capture(kNow);
    EXPECT_TRUE(capture) << capture.error().message();
    if (!capture || *capture) return capture.value_or(std::nullopt);
    bench.step(milliseconds(10));
  }
  return std::nullopt;
}

std::uint32_t pulse_in(const Image& image) {
  const auto pulse = read_pulse_code(image.format, image.size, image.data.bytes());
  EXPECT_TRUE(pulse);
  return pulse.value_or(0);
}

Status set(TemporaryBench& bench, const std::vector<std::string>& words) {
  GENLOCK_ASSIGN(const BenchCommand command, parse_bench_command(words));
  return bench.bench().apply(command);
}

}  // namespace genlock::device::sim
