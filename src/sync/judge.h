#pragma once

#include <cstdint>
#include <vector>

#include "sync/frame_pulses.h"
#include "sync/report.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// The judgement of what has been observed of a take that has ended.
Report judge(const std::vector<UnitData>& units);

/// The same with the pulses that its frames were given.
NumberedReport judge_numbered(const std::vector<UnitData>& units);

}  // namespace genlock::sync
