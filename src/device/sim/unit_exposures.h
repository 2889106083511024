#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "device/sim/bench_state.h"
#include "device/sim/chance.h"
#include "device/sim/color_settings.h"
#include "device/sim/frame_trigger.h"
#include "device/sim/unit_start.h"

namespace genlock::device::sim {

/// Durations of a unit as time on the bench. Programmed delays are whole ticks of the unit.
HostDuration on_host(DeviceDuration d);
HostDuration on_host(TickDuration d);

/// Only units in the subordinate role wait for pulses.
bool triggered_by_itself(const CameraConfig& config);

/// When a frame's exposures are centred, counted from the pulse (facts device.md 2.6).
struct FrameCentres {
  HostDuration color{};
  HostDuration depth{};
};
FrameCentres frame_centres(const CameraConfig& config, DeviceDuration color_exposure);

/// What one trigger makes a unit expose.
struct FrameExposure {
  Trigger trigger;
  ColorLook look;  ///< settings in effect, whether the colour camera is on or not
  ColorDamage damage = ColorDamage::none;
  bool on_grid = false;  ///< begins on a line of the sensor, without jitter
  HostTime color_centre;
  HostTime depth_centre;
  bool depth = false;  ///< the depth camera exposes
};

/// When one unit exposes between start and stop: a pure function of the bench and its events. What the host
/// gets of it, and how it is stamped, is UnitTimeline's.
class UnitExposures {
 public:
  /// `state` is the bench at this unit's start event, or at any time while it runs.
  UnitExposures(const BenchConfig& bench, const BenchState& state, std::size_t unit);

  /// An event of the bench, in order, with the state after it.
  void on_event(const Event& event, const BenchState& after);

  /// The next exposures, once they are certain by `now`. All events before `now` must be known.
  std::optional<FrameExposure> next(HostTime now);

  /// Passes over exposures that are centred well before `t`, at a cost that does not grow with their number.
  void leap_to(HostTime t);

  /// When next() may have something if nothing happens on the bench; kForever if it cannot.
  HostTime next_time() const { return trigger_.next_time(feed_); }

  const CameraConfig& config() const { return config_; }
  const StartTiming& timing() const { return timing_; }
  HostTime start() const { return start_; }
  HostTime armed() const { return armed_; }  ///< ready for the first pulse
  const std::optional<Trigger>& last() const { return trigger_.last(); }
  const PulseFeed& feed() const { return feed_; }

  /// Frames of triggers before `t` have been taken.
  void forget_before(HostTime t);

 private:
  bool on_grid(const Trigger& trigger) const { return trigger.generator && unit_.trigger_grid_ticks > 0; }
  HostDuration lateness(const Trigger& trigger) const;
  HostDuration to_grid(const Trigger& trigger) const;
  ColorDamage damage(const Trigger& trigger) const;
  std::uint64_t random(Chance chance, std::uint64_t counter) const;

  const BenchConfig& bench_;
  const UnitConfig& unit_;
  const std::size_t index_;
  const CameraConfig config_;
  const HostTime start_;
  const HostTime armed_;
  const StartTiming timing_;
  PulseFeed feed_;
  FrameTrigger trigger_;
  HostTime first_pulse_;  ///< of the session, if it was before those in the feed
  bool depth_gave_up_ = false;
  ColorSettings settings_;
};

}  // namespace genlock::device::sim
