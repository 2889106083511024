#pragma once

#include <deque>
#include <optional>

#include "device/sim/cables.h"

namespace genlock::device::sim {

/// One rising edge at a jack.
struct Pulse {
  HostTime time;
  std::uint64_t number = 0;  ///< counted by its train, from 0
  std::int64_t ppb = 0;      ///< of the clock that makes the train
  bool generator = false;    ///< an external one
};

/// When pulse `number` of a train leaves the unit that makes it, whether or not the train lasts that long.
HostTime pulse_time(const PulseTrain& train, std::uint64_t number);

/// The pulses at one jack: which train comes through the cables, and from when to when.
class PulseFeed {
 public:
  explicit PulseFeed(HostDuration hop_delay) : hop_delay_(hop_delay) {}

  /// From `at` on, not before the last change, pulses come from `source`, or none.
  void set_source(HostTime at, const std::optional<PulseSource>& source);

  /// What a running unit's state holds of its pulses, of which the feed may have the first part.
  void add(const PulseSpan& span);

  /// The first pulse at or after `t`, if things stay as they are.
  std::optional<Pulse> first_from(HostTime t) const;

  /// Whether a pulse comes in [from, to).
  bool any_in(HostTime from, HostTime to) const;

  /// The last of the pulses before `t` that come without a change of source after that at `from`.
  Pulse last_of_row(const Pulse& from, HostTime t) const;

  /// Pulses before `t` will not be asked for any more.
  void forget_before(HostTime t);

 private:
  struct Piece {
    PulseSource source;
    HostTime from;
    HostTime to;
  };
  std::optional<Pulse> first_in(const Piece& piece, HostTime t) const;

  const HostDuration hop_delay_;
  std::deque<Piece> pieces_;
};

}  // namespace genlock::device::sim
