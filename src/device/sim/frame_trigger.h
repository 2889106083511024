#pragma once

#include <optional>

#include "device/sim/pulse_feed.h"

namespace genlock::device::sim {

/// What makes a unit expose one frame.
struct Trigger {
  HostTime time;
  std::uint64_t pulse = 0;  ///< number of the sync pulse; counted on while running free
  std::uint64_t index = 0;  ///< frames of this session before it
  bool locked = false;      ///< caused by a pulse
  std::int64_t ppb = 0;     ///< of what the unit runs on: the pulses' clock, or its own
  bool generator = false;   ///< caused by a pulse of an external generator
};

/// Turns the pulses at a unit's jack into frames: one per pulse, and, once a pulse fails to come, one per
/// period of the unit's own clock for ever, until pulses come again. Pulses closer than half a period to the
/// last frame are skipped.
class FrameTrigger {
 public:
  /// Frames begin with the first pulse at or after `armed`.
  FrameTrigger(HostTime armed, TickDuration period, std::int64_t own_ppb);

  /// The next frame, once it is certain by `now`: pulses before `now` are all known, later ones may yet fail
  /// to come.
  std::optional<Trigger> next(const PulseFeed& feed, HostTime now);

  /// When next() may have something, if the feed stays as it is; kForever while no pulse is in sight.
  HostTime next_time(const PulseFeed& feed) const;

  /// Goes on towards `t`, not beyond, over frames of which each follows from the one before as that did: one
  /// pulse after the other, or one period after the other without any. Everything before `t` must be known.
  void leap(const PulseFeed& feed, HostTime t);

  const std::optional<Trigger>& last() const { return last_; }

 private:
  struct Choice {
    Trigger trigger;
    HostTime certain;  ///< from then on it stands
  };
  std::optional<Choice> choose(const PulseFeed& feed) const;
  bool in_rhythm(HostDuration time, std::uint64_t periods) const;
  Choice run_free(HostTime from, std::uint64_t periods, HostTime certain) const;

  const HostTime armed_;
  const TickDuration period_;
  const std::int64_t own_ppb_;
  const HostDuration period_ns_;
  std::optional<Trigger> last_;
  HostTime anchor_{};               ///< the last pulse that was followed
  std::uint64_t since_anchor_ = 0;  ///< frames after it
};

}  // namespace genlock::device::sim
