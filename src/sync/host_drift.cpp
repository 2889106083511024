#include "sync/host_drift.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr std::size_t kSamples = 15;      // of a median: half a minute
constexpr std::size_t kMostFitted = 300;  // points that the beginning of a move is looked for in

struct Hinge {
  double squares = 0, level = 0, slope = 0;
};

// A level up to `from` and a line from there on, least squares.
Hinge fit_hinge(std::span<const Point> points, double from) {
  const double n = static_cast<double>(points.size());
  double u = 0, uu = 0, v = 0, uv = 0, vv = 0;
  for (const Point& p : points) {
    const double along = std::max(0.0, p.t - from);
    u += along;
    uu += along * along;
    v += p.value;
    uv += along * p.value;
    vv += p.value * p.value;
  }
  Hinge hinge;
  const double det = n * uu - u * u;
  hinge.slope = det > 0 ? (n * uv - u * v) / det : 0;
  hinge.level = (v - hinge.slope * u) / n;
  hinge.squares = vv - hinge.level * v - hinge.slope * uv;
  return hinge;
}

double in_s(FineDuration stamp) {
  return static_cast<double>(count_us(device_time(stamp))) * 1e-6;
}

}  // namespace

double HostDrift::median_of(std::size_t begin, std::size_t end) const {
  std::vector<double> values;
  for (std::size_t i = begin; i < end; ++i) values.push_back(samples_[i].value);
  return median(std::move(values));
}

double HostDrift::begin_of_move() const {
  // Values are taken from the last one, so that squares stay exact.
  std::vector<Point> points;
  const std::size_t step = samples_.size() / kMostFitted + 1;
  for (std::size_t i = 0; i < samples_.size(); i += step)
    points.push_back({samples_[i].t, samples_[i].value - samples_.back().value});
  double best = points.front().t;
  double least = fit_hinge(points, best).squares;
  for (std::size_t i = 1; i + 2 < points.size(); ++i) {
    const double here = fit_hinge(points, points[i].t).squares;
    if (here >= least) continue;
    least = here;
    best = points[i].t;
  }
  return best;
}

std::optional<HostMove> HostDrift::add(double t_s, double later_ms) {
  samples_.push_back({t_s, later_ms});
  if (told_ || samples_.size() < 2 * kSamples) return std::nullopt;
  const double moved = median_of(samples_.size() - kSamples, samples_.size()) - median_of(0, kSamples);
  if (std::abs(moved) <= limit_ms_) return std::nullopt;
  told_ = true;
  return HostMove{moved, begin_of_move()};
}

double host_drift_limit_ms(HostEvidence::Scale scale, double period_us) {
  return scale == HostEvidence::Scale::same_host ? std::max(8.0, period_us / 4000)
                                                 : std::max(20.0, period_us / 2000);
}

double taken_later_ms(HostEvidence::Scale scale, const HostTimeline& own_host, FineDuration own,
                      const HostTimeline& other_host, FineDuration other, FineDuration expected) {
  const HostScale on = scale == HostEvidence::Scale::utc ? HostScale::utc : HostScale::monotonic;
  const double later = own_host.host_at(on, in_s(own)) - other_host.host_at(on, in_s(other));
  return (later - to_seconds(expected)) * 1e3;
}

}  // namespace genlock::sync
