#pragma once

#include <cstdint>
#include <vector>

#include "sync/frame_pulses.h"
#include "sync/report.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// While a take goes on, a stream that is behind its unit's other one has lost nothing yet.
enum class Progress : std::uint8_t { going_on, ended };

/// The judgement of what has been observed of a take.
Report judge(const std::vector<UnitData>& units, Progress progress);

/// The same of a take that has ended, with the pulses that its frames were given.
NumberedReport judge_numbered(const std::vector<UnitData>& units);

}  // namespace genlock::sync
