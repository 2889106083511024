#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "sync/line_fit.h"

namespace genlock::sync {

/// Where the drift between two clocks stops.
struct Stop {
  std::size_t point = 0;  ///< the first level one
  double slope = 0;       ///< before it, ppm
};

/// Whether a series of points a second apart is level from some point on, at least 20 from the last, though
/// it was not before: a unit that lost its pulse counts exactly a period from frame to frame. A slope that
/// may curve up to there and then stops at once has to fit clearly better than a smooth course does, which
/// has as many parameters, so that clocks that warm up are no such thing. Finds bends that are too small to
/// stand out of the noise within seconds: from 1.5 to 2 ppm on. `sd` is the noise of a point in µs.
std::optional<Stop> find_stop(std::span<const Point> points, double sd);

}  // namespace genlock::sync
