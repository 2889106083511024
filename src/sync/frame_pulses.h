#pragma once

#include <vector>

#include "sync/line_view.h"
#include "sync/report.h"

namespace genlock::sync {

/// Where a frame belongs.
struct FramePulse {
  std::int64_t pulse = 0;  ///< numbered as in StreamReport; means something where on_pulse
  /// False of the second frame of a pulse, of one beside any pulse, and of all behind a clock's jump.
  bool on_pulse = false;
  bool outlier = false;  ///< stamped beside the stream's course: left out of what is measured
};

/// In the order in which the frames were observed; those whose stamps are not possible() are not among them.
struct UnitPulses {
  bool compared = false;  ///< the numbers are the reference's
  std::vector<FramePulse> color, depth;
};

/// A judgement, and the pulse of every frame that it was made of.
struct NumberedReport {
  Report report;
  std::vector<UnitPulses> units;
};

/// Of a line that has its final numbers.
std::vector<FramePulse> frame_pulses(const LineView& view);

}  // namespace genlock::sync
