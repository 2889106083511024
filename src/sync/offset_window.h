#pragma once

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
  double noise = 0;                ///< standard deviation of a value, from its neighbours, µs
  double residual = 0;             ///< median of values minus fit, µs
};

/// Windows need this many points, stretches without a change this many windows.
inline constexpr std::size_t kFewest = 3;

/// Cuts a series of points, given one at a time in order of time, into windows of a second, or of three
/// points where that is longer.
class WindowCutter {
 public:
  /// The window that ends before this point, if one does.
  std::optional<Window> add(const Point& point);

  /// What is left as a window of its own, if it is long enough for one or there was none before.
  std::optional<Window> rest();

  /// The points of the window that was returned last.
  const std::vector<Point>& window_points() const { return closed_; }

 private:
  std::size_t begin_ = 0;  // of the open window
  std::vector<Point> open_, closed_;
};

/// `points` become the window [begin, begin + points.size()).
Window make_window(std::span<const Point> points, std::size_t begin);

}  // namespace genlock::sync
