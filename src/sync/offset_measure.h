#pragma once

#include <vector>

#include "sync/alignment.h"
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
/// errors are drawn back to the first pulse; or, where that is not the zero of both (Alignment::own_zero) and
/// they are out of tolerance, to where the unit's own zero puts it.
MeasuredOffset measure_offset(const LineView& view, const LineView& reference, const Pairs& pairs,
                              const OffsetSeries& series, Micros tolerance, bool own_zero);

/// Puts a constant error where it belongs: beyond the tolerance and with an own zero, that is
/// Offset::own_zero.
void put_constant(const Constant& constant, bool own_zero, Micros tolerance, Offset& offset);

/// Depth against its own colour, with a series of analyse_level(): one counter stamps both, so nothing is
/// drawn back and nothing is uncertain.
Offset measure_level(const LineView& depth, const LineView& color, const Pairs& pairs,
                     const OffsetSeries& series, Micros tolerance);

}  // namespace genlock::sync
