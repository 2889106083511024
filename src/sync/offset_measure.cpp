#include "sync/offset_measure.h"

#include <cmath>

#include "sync/offset_course.h"

namespace genlock::sync {
namespace {

/// What does not depend on whether the clocks may drift apart.
Offset offset_of(const LineView& view, const LineView& against, const Pairs& pairs,
                 const OffsetSeries& series, const std::vector<double>& errors, Micros tolerance) {
  Offset offset;
  offset.configured = view.configured - against.configured;
  offset.expected = Micros(to_us(view.expected - against.expected));
  offset.measured = offset.expected + Micros(median(errors));
  std::vector<double> sizes;
  for (const double e : errors) sizes.push_back(std::abs(e));
  offset.p99 = Micros(quantile(sizes, 0.99));
  offset.worst = Micros(quantile(sizes, 1));
  offset.jitter = Micros(series.jitter);
  const Window& worst = series.windows[series.worst];
  offset.worst_window = Micros(std::abs(worst.residual));
  offset.worst_window_at = device_time(against.frames[pairs.partners[worst.begin]].stamp);
  offset.pairs = errors.size();
  offset.course = course_of(against, pairs, series, errors);
  offset.histogram = histogram_of(errors, tolerance);
  return offset;
}

}  // namespace

MeasuredOffset measure_offset(const LineView& view, const LineView& reference, const Pairs& pairs,
                              const OffsetSeries& series, Micros tolerance, bool own_zero) {
  Offset place;
  put_constant(constant_part(series, since_zero(pairs.points)), own_zero, tolerance, place);
  std::vector<double> errors = series.residuals;
  for (double& e : errors) e += place.constant_error.count();
  Offset offset = offset_of(view, reference, pairs, series, errors, tolerance);
  offset.constant_error = place.constant_error;
  offset.own_zero = place.own_zero;
  offset.uncertainty = place.uncertainty;
  const Micros own = place.own_zero.value_or(Micros(0));
  offset.expected += own;
  offset.measured += own;
  for (CourseWindow& window : offset.course) window.apart -= own;
  offset.drift_ppm = series.main.slope;
  offset.drift_sd_ppm = series.main.slope_sd;
  return {std::move(offset), std::move(errors)};
}

void put_constant(const Constant& constant, bool own_zero, Micros tolerance, Offset& offset) {
  const Micros value(constant.value_us);
  const bool excused = own_zero && std::abs(constant.value_us) > tolerance.count();
  offset.constant_error = excused ? Micros(0) : value;
  offset.own_zero = excused ? std::optional(value) : std::nullopt;
  offset.uncertainty = Micros(constant.uncertainty_us);
}

Offset measure_level(const LineView& depth, const LineView& color, const Pairs& pairs,
                     const OffsetSeries& series, Micros tolerance) {
  Offset offset = offset_of(depth, color, pairs, series, series.residuals, tolerance);
  offset.constant_error = offset.measured - offset.expected;
  return offset;
}

}  // namespace genlock::sync
