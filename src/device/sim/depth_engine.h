#pragma once

#include <cstdint>
#include <optional>

#include "device/sim/fault_hits.h"
#include "device/sim/unit_log.h"
#include "device/sim/unit_timeline.h"

namespace genlock::device::sim {

/// Whether the host's depth engine could be made for a unit: it is there, has a display and OpenGL. Says in
/// the log why not.
Status check_depth_engine(const UnitState& unit, const UnitLog& log);

/// The depth engine of a running unit, by its faults (facts device.md 3).
class DepthEngine {
 public:
  DepthEngine(const UnitState& unit, HostTime start, const UnitLog& log);

  void on_event(const Event& event);

  /// Whether a depth frame comes out of it.
  bool pass(const Frame& frame);

  /// The code with which it ended; it gives nothing more then.
  std::optional<std::int32_t> dead() const { return dead_; }

 private:
  bool in_time(const Frame& frame);
  bool fail(std::int32_t code);

  const UnitLog& log_;
  const HostDuration period_;
  FaultHits hits_;
  Course<std::int32_t> slow_ms_;  ///< 0: fast enough
  HostTime free_at_{};
  std::optional<std::int32_t> dead_;
  LogPace slow_said_;
};

}  // namespace genlock::device::sim
