#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sync/monitor.h"

namespace genlock::test {

/// How one unit of a synthetic take behaves, apart from what its description claims.
struct StampPlan {
  sync::UnitDescription description;
  double ppm = 0;            ///< of the unit's crystal against the master's
  bool disciplined = false;  ///< its stamps follow the master's clock instead of its own crystal
  std::int64_t first_pulse = 4;
  std::int64_t frames = 300;
  DeviceDuration extra_delay{};        ///< real delay off master minus what the description says
  DeviceDuration extra_depth_delay{};  ///< the same of the depth delay
  TickDuration depth_bias{};           ///< firmware's
  DeviceDuration zeroed_late{};        ///< the clock was set to zero this long after the first pulse
  std::int64_t color_jitter = 1;       ///< ± ticks
  std::int64_t depth_jitter = 2;
  std::set<std::int64_t> color_drops, depth_drops;        ///< pulses
  std::map<std::int64_t, DeviceDuration> outliers;        ///< added to the stamps of these pulses
  std::map<std::int64_t, DeviceDuration> depth_outliers;  ///< and to those of depth alone
  std::optional<std::int64_t> unlocked_from;              ///< pulse from which the unit runs free
  std::optional<std::int64_t> unplugged_from;             ///< pulse from which the jack says so
  std::optional<DeviceDuration> exposure;  ///< given with colour frames; without it 8330 µs, not told
  bool host_times = false;                 ///< pairs, one a second, and host times of frames
  double host_began_s = 0;                 ///< when the take began on the host's clocks
};

/// What a unit shows over a take.
struct UnitEvents {
  std::vector<sync::Observation> frames;
  std::vector<HostPair> pairs;
  std::vector<JackObservation> jacks;
};

/// Deterministic by seed. Stamps are whole ticks shown as µs, as real units' (facts device.md 2).
UnitEvents generate(const StampPlan& plan, std::size_t unit, std::uint64_t seed);

/// Everything into a monitor, unit by unit.
sync::Report report_of(const std::vector<StampPlan>& plans, std::uint64_t seed = 1);

StampPlan master_plan();
StampPlan subordinate_plan(const char* name);

}  // namespace genlock::test
