#include "soak_bench.h"

#include <fmt/format.h>

#include "base/time.h"
#include "device/sim/bench_config.h"
#include "device/sim/unit_counter.h"

namespace genlock::soak {
namespace {

using device::sim::Int128;

constexpr std::int64_t kBillion = 1'000'000'000;
constexpr std::int64_t kMasterPpb = -30'000;

/// Every other subordinate runs on a crystal of its own, those between at the rate of the pulses.
bool is_free(int unit) {
  return unit % 2 == 0;
}

std::int64_t crystal_ppb(int unit) {
  return unit == 0 ? kMasterPpb : (unit - 5) * 11'000;
}

std::int64_t counter_ppb(int unit) {
  return is_free(unit) ? crystal_ppb(unit) : kMasterPpb;
}

/// Nine ticks are 100 µs, so that an offset shows whole in the API's stamps.
std::int64_t offset_ticks(int unit) {
  return 9 * unit;
}

}  // namespace

std::string unit_name(int unit) {
  return unit == 0 ? "master" : fmt::format("sub{}", unit);
}

std::string bench_file() {
  std::string text = fmt::format(
      "name = \"soak\"\nspeed = {}\nclock = \"patient\"\npatience_s = 20\nloop_frames = 1\n", kSpeed);
  for (int unit = 0; unit < kUnits; ++unit) {
    text += fmt::format(
        "[[unit]]\nname = \"{}\"\nserial = \"{}\"\nimages = \"flat\"\njitter_ticks = 0\n"
        "depth_jitter_ticks = 0\nfirst_pulse = {}\nclock_ppm = {}\ncounter_offset_ticks = {}\n"
        "subordinate_clock = \"{}\"\n",
        unit_name(unit), device::sim::simulated_serial(unit + 1),
        unit == 0 ? kMasterFirstPulse : kSubordinateFirstPulse, static_cast<double>(crystal_ppb(unit)) / 1000,
        offset_ticks(unit), is_free(unit) ? "free" : "disciplined");
  }
  for (int unit = 1; unit < kUnits; ++unit)
    text += fmt::format("[[cable]]\nfrom = \"{}\"\nto = \"{}\"\n", unit_name(unit - 1), unit_name(unit));
  return text;
}

CameraConfig cameras(int unit) {
  return {.color_format = PixelFormat::nv12,
          .color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_2x2binned,
          .sync_mode = unit == 0 ? WiredSyncMode::master : WiredSyncMode::subordinate};
}

std::int64_t expected_stamp_us(int unit, std::int64_t pulse, std::int64_t centre_ns) {
  const Int128 second = Int128(kBillion) * kBillion;
  const Int128 master_rate = Int128(kTicksPerSecond) * (kBillion + kMasterPpb);
  const Int128 pulse_ns = (Int128(pulse * kTicksPerPulse) * second + master_rate - 1) / master_rate;
  const Int128 rate = Int128(kTicksPerSecond) * (kBillion + counter_ppb(unit));
  const auto ticks = static_cast<std::int64_t>((pulse_ns + centre_ns) * rate / second) + offset_ticks(unit);
  return ticks * 100 / 9;
}

}  // namespace genlock::soak
