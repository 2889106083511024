#pragma once

#include <vector>

#include "sync/line_view.h"
#include "sync/offset_series.h"
#include "sync/report.h"

// The figures of one stream against another, from the frames that share pulses.

namespace genlock::sync {

struct MeasuredOffset {
  Offset offset;
  std::vector<double> errors;  ///< µs, of every pair
};

/// A stream against the reference's. `series` is analyse_offsets() of the pairs, of which there are some;
/// errors are drawn back to the first pulse.
MeasuredOffset measure_offset(const LineView& view, const LineView& reference, const Pairs& pairs,
                              const OffsetSeries& series, Micros tolerance);

/// Depth against its own colour, with a series of analyse_level(): one counter stamps both, so nothing is
/// drawn back and nothing is uncertain.
Offset measure_level(const LineView& depth, const LineView& color, const Pairs& pairs,
                     const OffsetSeries& series, Micros tolerance);

}  // namespace genlock::sync
