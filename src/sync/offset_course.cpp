#include "sync/offset_course.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr double kTickUs = 100.0 / 9.0;

CourseWindow course_window(const LineView& reference, const Pairs& pairs, const Window& window,
                           std::span<const double> errors) {
  const auto [least, most] = std::ranges::minmax(errors);
  const PlacedFrame& first = reference.frames[pairs.partners[window.begin]];
  return {.at = device_time(first.stamp),
          .pulse = first.pulse,
          .frames = errors.size(),
          .error = Micros(median({errors.begin(), errors.end()})),
          .least = Micros(least),
          .most = Micros(most),
          .apart = Micros(window.centre)};
}

}  // namespace

std::vector<CourseWindow> course_of(const LineView& reference, const Pairs& pairs, const OffsetSeries& series,
                                    std::span<const double> errors) {
  std::vector<CourseWindow> course;
  course.reserve(series.windows.size());
  for (const Window& window : series.windows)
    course.push_back(
        course_window(reference, pairs, window, errors.subspan(window.begin, window.end - window.begin)));
  return course;
}

Histogram histogram_of(std::span<const double> errors, Micros tolerance) {
  const auto reach = static_cast<std::int64_t>(std::ceil(3 * tolerance.count() / kTickUs));
  Histogram histogram{.first_tick = -reach, .counts = {}};
  histogram.counts.resize(static_cast<std::size_t>(2 * reach + 1));
  for (const double error : errors) {
    const double tick =
        std::clamp(std::round(error / kTickUs), -static_cast<double>(reach), static_cast<double>(reach));
    ++histogram.counts[static_cast<std::size_t>(static_cast<std::int64_t>(tick) + reach)];
  }
  return histogram;
}

}  // namespace genlock::sync
