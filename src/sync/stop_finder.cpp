#include "sync/stop_finder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr std::size_t kLevel = 20;        // points at the end that must be level
constexpr std::size_t kBefore = 10;       // points before a stop
constexpr double kStill = 0.3;            // ppm that level points may have, at least
constexpr double kLeastDrift = 0.8;       // ppm that there must be before
constexpr double kLeastMove = 200.0 / 9;  // µs that it must have come to: two ticks, as ticks are steps
constexpr double kEvidence = 45;          // by how much of the noise's square a stop must fit better
constexpr double kNoisy = 2;              // of the noise's square that a fit may leave for each point

template <std::size_t N>
using Row = std::array<double, N>;

/// Least squares by normal equations. `basis` gives the columns at a point's time.
template <std::size_t N>
struct Fitted {
  Row<N> coefficients{};
  double squares = 0;  ///< sum of squared residuals
};

template <std::size_t N>
void eliminate(std::array<Row<N + 1>, N>& rows) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t other = 0; other < N; ++other) {
      if (other == i || rows[i][i] == 0) continue;
      const double factor = rows[other][i] / rows[i][i];
      for (std::size_t k = i; k <= N; ++k) rows[other][k] -= factor * rows[i][k];
    }
  }
}

template <std::size_t N, class Basis>
Fitted<N> fit(std::span<const Point> points, const Basis& basis) {
  std::array<Row<N + 1>, N> rows{};
  for (const Point& p : points) {
    const Row<N> columns = basis(p.t);
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t k = 0; k < N; ++k) rows[i][k] += columns[i] * columns[k];
      rows[i][N] += columns[i] * p.value;
    }
  }
  eliminate<N>(rows);
  Fitted<N> fitted;
  for (std::size_t i = 0; i < N; ++i) fitted.coefficients[i] = rows[i][i] == 0 ? 0 : rows[i][N] / rows[i][i];
  for (const Point& p : points) {
    const Row<N> columns = basis(p.t);
    double residual = p.value;
    for (std::size_t i = 0; i < N; ++i) residual -= fitted.coefficients[i] * columns[i];
    fitted.squares += residual * residual;
  }
  return fitted;
}

/// Of the best cubic, in a time from -1 to 1.
double smooth_squares(std::span<const Point> points) {
  const double middle = (points.front().t + points.back().t) / 2;
  const double half = (points.back().t - points.front().t) / 2;
  return fit<4>(points,
                [&](double t) {
                  const double x = (t - middle) / half;
                  return Row<4>{1, x, x * x, x * x * x};
                })
      .squares;
}

/// A parabola up to the point, level from it on.
Fitted<3> fit_stop(std::span<const Point> points, std::size_t at) {
  const double stop = points[at].t;
  return fit<3>(points, [&](double t) {
    const double before = std::min(t - stop, 0.0);
    return Row<3>{1, before, before * before};
  });
}

bool may_have_stopped(std::span<const Point> points, double sd) {
  const LineFit end = fit_line(points.last(kLevel), sd);
  if (std::abs(end.slope) > std::max(kStill, 4 * end.slope_sd)) return false;
  const LineFit begin = fit_line(points.first(std::max(kBefore, points.size() / 3)), sd);
  return std::abs(begin.slope) > std::max(kLeastDrift, 5 * begin.slope_sd);
}

}  // namespace

std::optional<Stop> find_stop(std::span<const Point> points, double sd) {
  if (points.size() < kBefore + kLevel || !may_have_stopped(points, sd)) return std::nullopt;
  Stop best;
  double least = smooth_squares(points) - kEvidence * sd * sd;
  least = std::min(least, kNoisy * sd * sd * static_cast<double>(points.size()));
  for (std::size_t at = kBefore; at + kLevel <= points.size(); ++at) {
    const Fitted<3> fitted = fit_stop(points, at);
    const auto [level, slope, bend] = fitted.coefficients;
    const double before = points.front().t - points[at].t;
    const double moved = slope * before + bend * before * before;
    if (fitted.squares >= least || std::abs(slope) < kLeastDrift || std::abs(moved) < kLeastMove) continue;
    least = fitted.squares;
    best = {at, slope};
  }
  return best.point == 0 ? std::nullopt : std::optional(best);
}

}  // namespace genlock::sync
