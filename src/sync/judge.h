#pragma once

#include <vector>

#include "sync/report.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// The judgement of what has been observed of a take.
Report judge(const std::vector<UnitData>& units);

}  // namespace genlock::sync
