#include "device/sim/unit_start.h"

#include <limits>

namespace genlock::device::sim {
namespace {

using std::chrono::microseconds;

/// A subordinate's start. The offsets put the first colour stamp, with the exposure of 16.67 ms that cameras
/// wake up with, where it was measured.
struct FirmwareStart {
  Version up_to;  ///< the last colour firmware of this kind
  int first_pulse;
  std::int64_t offset_ticks;
  HostDuration late;
};
constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
/// Facts device.md 2.1 (#1240); lateness facts device.md 2.3 (#529).
constexpr FirmwareStart kSubordinates[] = {
    {{1, 6, 102}, 1, 2121, microseconds(100)},  // 65 333 µs
    {{1, 6, 104}, 1, 2123, {}},                 // 65 255 µs
    {{1, 6, 107}, 7, 563, {}},                  // 247 922 µs
    {{1, 6, 108}, 7, 411, {}},                  // 246 233 µs
    {{kAny, kAny, kAny}, 6, 1011, {}},          // 219 566 µs: 1.6.110
};
constexpr int kMasterLater = 2;  ///< pulses, than a subordinate of its firmware (facts device.md 2.2, 2.8)
constexpr StartTiming kStandalone = {.first_pulse = 4,
                                     .counter_offset = device_ticks(844)};  // 151 044 µs, #1134
constexpr StartTiming kDepthAlone = {.first_pulse = 0,
                                     .counter_offset = device_ticks(872)};  // 16 088 µs, #1035
/// Depth alone on a generator: pulse 0 would be stamped 200 ms, pulse 1 is the first delivered, 7.2 ms late
/// (SYNC_NUMBERS rows 2 and 6: 240 533 µs, then every 33.3 ms after 233.3 ms).
constexpr StartTiming kDepthAloneTriggered = {
    .first_pulse = 1, .counter_offset = device_ticks(17'424), .first_frame_late = microseconds(7200)};

const FirmwareStart& subordinate_of(const Version& firmware) {
  const FirmwareStart* start = kSubordinates;
  while (firmware > start->up_to) ++start;
  return *start;
}

StartTiming by_firmware(const Version& firmware, const CameraConfig& config) {
  if (config.sync_mode == WiredSyncMode::standalone) return config.color_on() ? kStandalone : kDepthAlone;
  const FirmwareStart& start = subordinate_of(firmware);
  const TickDuration offset = device_ticks(start.offset_ticks);
  if (config.sync_mode == WiredSyncMode::master)
    return {.first_pulse = start.first_pulse + kMasterLater, .counter_offset = offset};
  StartTiming timing{.first_pulse = start.first_pulse, .counter_offset = offset};
  if (!config.color_on()) timing = kDepthAloneTriggered;
  timing.late = start.late;
  return timing;
}

}  // namespace

StartTiming start_timing(const UnitConfig& unit, const CameraConfig& config) {
  StartTiming timing = by_firmware(unit.version.color, config);
  timing.first_pulse = unit.first_pulse.value_or(timing.first_pulse);
  timing.counter_offset = unit.counter_offset.value_or(timing.counter_offset);
  return timing;
}

}  // namespace genlock::device::sim
