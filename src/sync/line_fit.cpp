#include "sync/line_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace genlock::sync {

double LineFit::sd_at(double time) const {
  return std::hypot(value_sd, slope_sd * (time - t));
}

LineFit fit_line(std::span<const Point> points, double point_sd) {
  LineFit fit{.points = points.size()};
  if (points.empty()) return fit;
  const double n = static_cast<double>(points.size());
  for (const Point& p : points) {
    fit.t += p.t;
    fit.value += p.value;
  }
  fit.t /= n;
  fit.value /= n;
  fit.value_sd = point_sd / std::sqrt(n);
  double tt = 0, tv = 0;
  for (const Point& p : points) {
    tt += (p.t - fit.t) * (p.t - fit.t);
    tv += (p.t - fit.t) * (p.value - fit.value);
  }
  if (points.size() >= 3 && tt > 0) {
    fit.slope = tv / tt;
    fit.slope_sd = point_sd / std::sqrt(tt);
  }
  for (const Point& p : points) {
    const double residual = p.value - fit.at(p.t);
    fit.squares += residual * residual;
  }
  return fit;
}

LineFit fit_line_robust(std::span<const Point> points, double point_sd) {
  const LineFit first = fit_line(points, point_sd);
  std::vector<double> distances;
  distances.reserve(points.size());
  for (const Point& p : points) distances.push_back(std::abs(p.value - first.at(p.t)));
  const double limit = std::max(6.0 * 1.4826 * median(distances), 10.0 * point_sd);
  std::vector<Point> kept;
  kept.reserve(points.size());
  std::ranges::copy_if(points, std::back_inserter(kept),
                       [&](const Point& p) { return std::abs(p.value - first.at(p.t)) <= limit; });
  return kept.size() == points.size() ? first : fit_line(kept, point_sd);
}

double CurveFit::at(double time) const {
  const double u = time - t;
  return value + slope * u + curvature * bend(u);
}

double CurveFit::sd_at(double time) const {
  const double u = time - t;
  const double share = 1 / points + u * u / uu + (bends > 0 ? bend(u) * bend(u) / bends : 0);
  return point_sd * std::sqrt(share);
}

CurveFit fit_curve(std::span<const Point> points, double point_sd, int degree) {
  CurveFit fit{.point_sd = point_sd, .points = static_cast<double>(points.size())};
  for (const Point& p : points) {
    fit.t += p.t;
    fit.value += p.value;
  }
  fit.t /= fit.points;
  fit.value /= fit.points;
  double uuu = 0, uv = 0;
  for (const Point& p : points) {
    const double u = p.t - fit.t;
    fit.uu += u * u;
    uuu += u * u * u;
    uv += u * (p.value - fit.value);
  }
  fit.slope = uv / fit.uu;
  if (degree < 2) return fit;
  fit.skew = uuu / fit.uu;
  fit.mean = fit.uu / fit.points;
  double bv = 0;
  for (const Point& p : points) {
    const double bend = fit.bend(p.t - fit.t);
    fit.bends += bend * bend;
    bv += bend * (p.value - fit.value);
  }
  fit.curvature = bv / fit.bends;
  return fit;
}

double quantile(std::span<double> values, double q) {
  if (values.empty()) return 0;
  const double rank = std::ceil(q * static_cast<double>(values.size())) - 1;
  const auto nth =
      values.begin() + std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rank), 0,
                                                  static_cast<std::ptrdiff_t>(values.size()) - 1);
  if (nth == values.end() - 1) return *std::max_element(values.begin(), values.end());
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

double median(std::vector<double> values) {
  const double lower = quantile(values, 0.5);
  if (values.size() % 2 == 1 || values.empty()) return lower;
  const auto upper =
      std::min_element(values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return (lower + *upper) / 2;
}

double middle_mean(std::span<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t cut = values.size() < 3 ? 0 : std::max<std::size_t>(1, values.size() / 4);
  const std::span<double> middle = values.subspan(cut, values.size() - 2 * cut);
  return std::accumulate(middle.begin(), middle.end(), 0.0) / static_cast<double>(middle.size());
}

double neighbour_sd(std::span<const Point> points) {
  std::vector<double> bends;
  for (std::size_t i = 2; i < points.size(); ++i)
    bends.push_back(std::abs(points[i].value - 2 * points[i - 1].value + points[i - 2].value));
  return 1.4826 * median(std::move(bends)) / std::sqrt(6.0);
}

}  // namespace genlock::sync
