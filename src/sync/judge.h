#pragma once

#include <cstdint>
#include <vector>

#include "sync/report.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// While a take goes on, a stream that is behind its unit's other one has lost nothing yet.
enum class Progress : std::uint8_t { going_on, ended };

/// The judgement of what has been observed of a take.
Report judge(const std::vector<UnitData>& units, Progress progress);

}  // namespace genlock::sync
