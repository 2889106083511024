#pragma once

#include "sync/line_view.h"
#include "sync/observation.h"
#include "sync/take_data.h"

namespace genlock::sync {

/// Where the stream should be after the pulse, as the unit programs it.
void set_expected(LineView& view, const UnitDescription& unit);

/// The unit's line as a view without its frames.
LineView bare_view(std::size_t unit, Stream stream, const UnitData& data);

/// Numbers the line by its own stamps: pulse 0 is the one at the clock's zero. Stamps beyond a week have no
/// zero: their first frame is pulse 0. Needs frames.
void number_from_zero(LineView& view);

/// Depth gets the numbers of its unit's colour, and the exposure that its place depends on. Both have frames.
void join_depth(LineView& depth, const LineView& color);

}  // namespace genlock::sync
