#pragma once

#include <optional>

#include "device/sim/bench_state.h"

namespace genlock::device::sim {

/// What a fault of this kind does when it begins, or ends, to a unit; the caller adds when, and which
/// scheduled fault it is.
struct FaultDetails {
  std::size_t unit = 0;
  FaultKind kind{};
  Streams streams;  ///< none: those usual for the kind
  Jack jack{};
  int count = 1;
  std::optional<std::int32_t> knob;
};
Event fault_event(const FaultDetails& details, bool begins);

/// The earliest thing the fault schedule makes happen by `now` that has not happened yet, with the time it
/// was due.
std::optional<Event> due_fault(const BenchConfig& config, const BenchState& state, HostTime now);

/// A fault of the last session of `unit` that has not ended by itself: it ends before the next one starts.
std::optional<Event> leftover_fault(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                    HostTime now);

}  // namespace genlock::device::sim
