#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sync/report.h"

namespace genlock::sync {

/// How a unit stands at the moment.
struct LiveOffset {
  std::size_t unit = 0;
  double fps = 0;                          ///< of its first stream over its last second
  std::optional<std::int64_t> last_pulse;  ///< of its newest frame
  bool silent = false;                     ///< others go on without it
  /// Median of its last second: how far its stamps are from where the plan puts them after the reference's,
  /// with all that the clocks have drifted apart, less Offset::own_zero. Absent for the reference and before
  /// the first seconds.
  std::optional<Micros> apart;
  /// The same less drift: what counts for sync.
  std::optional<Micros> error;
};

}  // namespace genlock::sync
