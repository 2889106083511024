#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sync/change_finder.h"
#include "sync/line_fit.h"
#include "sync/offset_window.h"

namespace genlock::sync {

/// The difference of two clocks over a take: windows of a second, abrupt changes, and a fit that follows slow
/// ones.
struct OffsetSeries {
  std::vector<Window> windows;
  std::vector<Change> changes;
  std::vector<double> residuals;  ///< per point: value minus fit, µs
  LineFit start;                  ///< the course from the beginning, for drawing back to the first pulse
  LineFit main;                   ///< the longest stretch without a change
  double jitter = 0;              ///< µs
  std::size_t worst = 0;          ///< window with the largest |residual|
};

/// With fewer windows than that there is one line through the points themselves.
inline constexpr std::size_t kFewestWindows = 2 * kFewest;

/// Points in order of time. `tolerance_us` is what counts as a step. `drawn_back_s` is how far before the
/// first point the clocks had their zero: the further, the longer the stretch that `start` uses.
OffsetSeries analyse_offsets(std::span<const Point> points, double tolerance_us, double drawn_back_s);

/// The same of two streams of one clock, which cannot drift apart: residuals are the values themselves.
OffsetSeries analyse_level(std::span<const Point> points, double tolerance_us);

}  // namespace genlock::sync
