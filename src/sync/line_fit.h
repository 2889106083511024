#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace genlock::sync {

struct Point {
  double t = 0;      ///< s
  double value = 0;  ///< µs
};

/// A straight line through points: slopes are in µs/s, which is ppm.
struct LineFit {
  double t = 0;      ///< mean time of the points
  double value = 0;  ///< at t
  double slope = 0;
  double slope_sd = 0;
  double value_sd = 0;
  std::size_t points = 0;
  double squares = 0;  ///< sum of squared residuals

  double at(double time) const { return value + slope * (time - t); }
  double sd_at(double time) const;
};

/// Least squares; `point_sd` is the noise of a point where that is known better than from these few. Fewer
/// than three points give a level line.
LineFit fit_line(std::span<const Point> points, double point_sd);

/// The same without points that stand far out.
LineFit fit_line_robust(std::span<const Point> points, double point_sd);

/// A parabola through points, or a line.
struct CurveFit {
  double t = 0;          ///< mean time of the points
  double value = 0;      ///< mean value
  double slope = 0;      ///< of the line
  double curvature = 0;  ///< of what is at right angles to the line: bend(u)

  double at(double time) const;
  double sd_at(double time) const;

  double point_sd = 0, points = 0;
  double uu = 0, bends = 0;   ///< sums of squares of u = time - t and of bend(u)
  double skew = 0, mean = 0;  ///< bend(u) = u² - skew u - mean
  double bend(double u) const { return u * u - skew * u - mean; }
};

/// Least squares; `degree` is 1 or 2. Needs more points than that, at different times.
CurveFit fit_curve(std::span<const Point> points, double point_sd, int degree);

/// Median of a copy; 0 for nothing.
double median(std::vector<double> values);

/// Mean of the middle half of the values, which it reorders: as robust as a median, but not stuck to the
/// clock's ticks.
double middle_mean(std::span<double> values);

/// Nearest-rank quantile, q in 0...1; reorders the values; 0 for nothing.
double quantile(std::span<double> values, double q);

/// Noise of the points of a smooth, evenly spaced series from how they lie between their neighbours; single
/// steps and bends hardly matter to it.
double neighbour_sd(std::span<const Point> points);

}  // namespace genlock::sync
