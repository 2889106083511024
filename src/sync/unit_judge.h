#pragma once

#include <optional>
#include <vector>

#include "sync/findings.h"
#include "sync/laser_findings.h"
#include "sync/member.h"
#include "sync/pair_offsets.h"

namespace genlock::sync {

/// What units are judged against.
struct Measure {
  const std::vector<UnitData>* units = nullptr;  ///< of the take
  const Member* reference = nullptr;
  Micros tolerance{};  ///< of the take: that of the reference's frame rate
  std::optional<std::int64_t>
      recorder_ahead;  ///< by which the recorder's pulse numbers are ahead of the reference's
  bool alone = false;  ///< there is no other unit

  bool has_master() const { return reference->data->description.sync_mode == WiredSyncMode::master; }
};

/// What is to be said of one unit.
struct UnitJudgement {
  UnitReport report;
  Findings findings;
  std::vector<LaserCourse> lasers;
  std::optional<UnitErrors> errors;  ///< of a unit that can be compared
  Micros worst_window{};
  Micros worst_constant{};
};

/// Judges a unit whose frames have their pulse numbers, and so has the reference.
UnitJudgement judge_unit(const Member& member, const Measure& by);

}  // namespace genlock::sync
