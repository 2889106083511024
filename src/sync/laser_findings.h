#pragma once

#include <vector>

#include "sync/findings.h"
#include "sync/line_view.h"
#include "sync/offset_series.h"

// Whether lasers shone into other units' exposures (facts device.md 2.7), by where depth frames really were.

namespace genlock::sync {

/// Where in the frame the middle of a unit's depth exposure was, second by second.
struct LaserCourse {
  struct Second {
    double t = 0;            ///< s, on the reference's clock
    double position_us = 0;  ///< after the reference's frames of the same pulse
    std::uint64_t frames = 0;
    std::int64_t pulse = 0;  ///< the first
  };
  std::size_t unit = 0;
  std::vector<Second> seconds;
};

/// Of depth frames against the reference's; `constant_us` is the constant part of their error. Drift of
/// clocks moves stamps, not exposures; a unit that lost its pulse moves, which is followed where its drift
/// shows it.
LaserCourse laser_course(const LineView& depth, const LineView& reference, const Pairs& pairs,
                         const OffsetSeries& series, double constant_us);

/// Of a reference's depth where that is what the others are compared with.
LaserCourse laser_course_of_reference(const LineView& depth);

/// Tells of each unit which others' lasers it overlapped with by more than two ticks, which is what stamps
/// are good for; each pair once. Units that share none of their areas are not looked at.
void judge_lasers(const std::vector<UnitData>& units, const std::vector<LaserCourse>& courses, Findings& out);

}  // namespace genlock::sync
