#pragma once

#include <vector>

#include "sync/line_view.h"
#include "sync/report.h"

namespace genlock::sync {

/// A unit whose frames have the take's pulse numbers.
struct UnitLines {
  std::size_t unit = 0;
  const LineView* primary = nullptr;
  const std::vector<LineView>* lines = nullptr;
};

/// Fills in what units have in common: span, complete sets, frames alone, frames before and after. Adds a
/// finding where there is no pulse that all cover. Does nothing for fewer than two units.
void report_common(const std::vector<UnitLines>& units, std::size_t reference, Report& report);

}  // namespace genlock::sync
