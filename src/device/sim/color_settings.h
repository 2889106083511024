#pragma once

#include <cstdint>
#include <vector>

#include "device/sim/bench_state.h"
#include "device/sim/image_source.h"

namespace genlock::device::sim {

/// The colour camera's settings as the unit has them.
ColorLook color_look(const UnitState& unit, const UnitConfig& config, FrameRate rate);

/// The colour camera's settings in effect for each frame of one session: a pure function of the bench, its
/// events and the frame.
class ColorSettings {
 public:
  /// `state` is the bench right after this unit's start event.
  ColorSettings(const BenchConfig& bench, const BenchState& state, std::size_t unit);

  /// A control was written, with the state after it. It takes effect two frames later.
  void written(const Event& event, const BenchState& after);

  /// For frame number `frame` of the session, triggered at `t`.
  ColorLook at(HostTime t, std::uint64_t frame) const;

  /// By how much each camera misses its moment because the exposure was just written (#471).
  struct Disturbance {
    HostDuration color{};
    HostDuration depth{};
  };
  Disturbance disturbance(HostTime t, std::uint64_t frame) const;

  /// Frames before `t` will not be asked for any more.
  void forget_before(HostTime t);

 private:
  struct Setting {
    HostTime from;
    ColorLook look;
    int powerline = 0;
  };
  Setting setting(HostTime from, const UnitState& unit) const;
  DeviceDuration drifted(const Setting& setting, std::uint64_t frame) const;

  const BenchConfig& bench_;
  const UnitConfig& unit_;
  const std::size_t index_;
  const FrameRate rate_;
  std::vector<Setting> settings_;
  std::vector<HostTime> exposure_writes_;
};

}  // namespace genlock::device::sim
