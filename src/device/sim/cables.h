#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// Where the pulses at a unit's sync in come from.
struct PulseSource {
  PulseTrain train;
  int hops = 0;                      ///< units that repeat the pulse on its way
  std::optional<std::size_t> maker;  ///< the unit that makes them; nothing: the external trigger
  bool operator==(const PulseSource&) const = default;
};

/// The cables of a bench by the numbers of its units: at every event somebody asks where pulses come from.
class Wiring {
 public:
  explicit Wiring(const BenchConfig& config);

  /// Follows the cables up from a unit's sync in: a master gives its own pulses, every other unit that has
  /// power repeats those at its own sync in, whether it streams or not. Nothing when no pulses can come that
  /// way at `at`.
  std::optional<PulseSource> pulse_source(const BenchState& state, std::size_t unit, HostTime at) const;

  /// Whether a plug is in each jack; where the cable leads plays no part.
  SyncJacks jacks(const BenchState& state, std::size_t unit) const;

 private:
  struct Jacks {
    bool in = false;                  ///< a cable belongs in it
    bool out = false;                 ///< the same
    bool from_trigger = false;        ///< the cable in sync in comes from the external trigger
    std::optional<std::size_t> from;  ///< it comes from the sync out of that unit
  };
  std::vector<Jacks> units_;
};

}  // namespace genlock::device::sim
