#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sync/line_fit.h"

namespace genlock::sync {

/// The frames of about one second.
struct Window {
  std::size_t begin = 0, end = 0;  ///< of the points
  double t = 0;                    ///< mean time, s
  double centre = 0;               ///< robust mean of the values, µs
  double residual = 0;             ///< median of values minus fit, µs
};

/// A place where the difference of two clocks does not go on as before.
struct Change {
  std::size_t window = 0;  ///< the first behind it
  double t = 0;            ///< s
  double step = 0;         ///< µs
  double before = 0;       ///< slopes, ppm
  double after = 0;
  double before_sd = 0;
  double after_sd = 0;
  bool is_step = false;  ///< the values jump; otherwise only the slope does

  /// Of after - before.
  double slope_sd() const { return std::hypot(before_sd, after_sd); }
};

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

/// Points in order of time. `tolerance_us` is what counts as a step. `drawn_back_s` is how far before the
/// first point the clocks had their zero: the further, the longer the stretch that `start` uses.
OffsetSeries analyse_offsets(std::span<const Point> points, double tolerance_us, double drawn_back_s);

/// The same of two streams of one clock, which cannot drift apart: residuals are the values themselves.
OffsetSeries analyse_level(std::span<const Point> points, double tolerance_us);

}  // namespace genlock::sync
