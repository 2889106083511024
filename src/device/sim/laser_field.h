#pragma once

#include <deque>
#include <list>
#include <vector>

#include "device/sim/cables.h"
#include "device/sim/image_source.h"
#include "device/sim/lasers.h"
#include "device/sim/unit_exposures.h"

namespace genlock::device::sim {

/// The laser light of all other units of a bench, as one of them meets it. A pure function of the bench and
/// its events. What a frame meets is worked out from the events up to 30 ms after its exposure, which is the
/// least that a frame takes to the host: so it does not matter when it is asked for. Units that do not
/// run cost nothing, running ones a few operations a frame.
class LaserField {
 public:
  /// `state` is the bench when the observing unit starts; units that run already have a past in it.
  LaserField(const BenchConfig& bench, const BenchState& state, std::size_t observer);

  /// An event of the bench, in order.
  void on_event(const Event& event);

  /// What shines into an exposure of the observer, in the order of the units. Exposures in order of time,
  /// each once it has reached the host.
  std::vector<LaserOverlap> seen_by(DepthMode mode, HostTime centre);

 private:
  /// One session of another unit.
  struct Neighbour {
    std::size_t unit;
    UnitExposures exposures;
    HostTime off = kForever;          ///< stopped, or without power
    std::vector<HostTime> centres{};  ///< of its depth exposures of late
  };
  void add(std::size_t unit);
  void apply_event(const Event& event);
  void apply_events_before(HostTime t);
  static void follow(Neighbour& neighbour, HostTime from, HostTime known);
  static double share(const Neighbour& neighbour, const LightWindows& windows, HostTime known);

  const BenchConfig& bench_;
  const Wiring wiring_;
  const std::size_t observer_;
  BenchState state_;  ///< without the events that wait
  std::deque<Event> waiting_;
  std::list<Neighbour> neighbours_;  ///< by unit, then by time
};

}  // namespace genlock::device::sim
