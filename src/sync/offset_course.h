#pragma once

#include <span>

#include "sync/line_view.h"
#include "sync/offset_series.h"
#include "sync/report.h"

namespace genlock::sync {

/// Second by second, for drawing. `errors` per point.
std::vector<CourseWindow> course_of(const LineView& reference, const Pairs& pairs, const OffsetSeries& series,
                                    std::span<const double> errors);

/// Counts by whole ticks, up to three times the tolerance on either side.
Histogram histogram_of(std::span<const double> errors, Micros tolerance);

}  // namespace genlock::sync
