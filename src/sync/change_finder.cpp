#include "sync/change_finder.h"

#include <algorithm>
#include <array>

#include "sync/stop_finder.h"

namespace genlock::sync {
namespace {

constexpr std::size_t kReach = 60;                // windows on either side that a change is judged by
constexpr std::size_t kOff = 3;                   // windows at the end that must lie off the course
constexpr std::size_t kBehind = 4;                // whole windows behind a change before it is told
constexpr std::size_t kOdd = 3;                   // odd windows in a row that are no change
constexpr std::size_t kEnoughForCurve = 24;       // windows that tell a curve from a line
constexpr double kWarming = 0.05;                 // ppm a second that drift may change by, slowly
constexpr std::size_t kEnoughForLine = 10;        // windows that a change found may be checked against
constexpr std::size_t kEnoughForAbruptness = 12;  // windows on either side that tell a bend from a curve
constexpr std::size_t kEnoughForNoise = 16;       // windows
constexpr std::size_t kKept = 8 * kReach;
constexpr double kSecond = 1.0;        // of a window
constexpr double kTick = 100.0 / 9.0;  // µs
constexpr double kLeastKink = 1.0;     // ppm
constexpr double kLeastSd = 1.0;       // µs, of a window's centre
constexpr std::array<std::size_t, 8> kLags{5, 7, 10, 14, 20, 28, 40, 60};
constexpr std::size_t kStopTurn = 4;                           // windows between looks for a stop
constexpr std::array<std::size_t, 3> kStopReach{60, 90, 120};  // windows that it is looked for in

double median_of(const std::deque<double>& values) {
  return median({values.begin(), values.end()});
}

}  // namespace

std::span<const Point> ChangeFinder::range(std::size_t begin, std::size_t end) const {
  return std::span(series_).subspan(begin - dropped_, end - begin);
}

// From the points, and from how windows lie beside each other where they are enough to tell that.
void ChangeFinder::measure_noise(const Window& window) {
  noises_.push_back(1.25 * window.noise / std::sqrt(static_cast<double>(window.end - window.begin)));
  if (noises_.size() > kReach) noises_.pop_front();
  const std::size_t recent = std::min(kReach, size() - begin_);
  sd_ = std::max(kLeastSd, median_of(noises_));
  if (recent >= kEnoughForNoise) sd_ = std::max(sd_, neighbour_sd(range(size() - recent, size())));
}

// Where a stretch begins there are not three windows on either side: odd is what the next six, which agree on
// a line, leave alone.
bool ChangeFinder::is_odd_at_edge(std::size_t window, double* mended) const {
  std::vector<Point> others;
  for (const Point& p : range(begin_, begin_ + 2 * kOdd + 1))
    if (p.t != range(window, window + 1)[0].t) others.push_back(p);
  const LineFit line = fit_line(others, sd_);
  const Point& point = range(window, window + 1)[0];
  const auto off = [&](const Point& p) { return std::abs(p.value - line.at(p.t)); };
  const double limit = std::max(3 * kTick, 6 * std::hypot(sd_, line.sd_at(point.t)));
  *mended = line.at(point.t);
  return off(point) > limit && std::ranges::none_of(others, [&](const Point& p) { return off(p) > limit; });
}

// Takes out what at most three windows in a row have beside the course: that is told of the windows
// themselves.
void ChangeFinder::mend(std::size_t window) {
  double mended = 0;
  double& value = series_[window - dropped_].value;
  if (window < begin_ + kOdd) {
    if (is_odd_at_edge(window, &mended)) value = mended;
    return;
  }
  std::vector<double> around;
  for (const Point& p : range(window - kOdd, window + kOdd + 1)) around.push_back(p.value);
  mended = median(std::move(around));
  if (std::abs(value - mended) > std::max(3 * kTick, 6 * sd_)) value = mended;
}

// Whether the last windows lie off the course, all to the same side. `may_curve`: the course is a line, but
// may have been a part of a curve as of warming crystals.
bool ChangeFinder::is_left(const CurveFit& course, bool may_curve) const {
  int above = 0, below = 0;
  for (const Point& p : range(size() - kOff, size())) {
    const double u = p.t - course.t;
    const double curve = may_curve ? kWarming / 2 * (u * u - course.uu / course.points) : 0;
    const double limit = curve + std::max(3 * kTick, 6 * std::hypot(sd_, course.sd_at(p.t)));
    above += p.value - course.at(p.t) > limit;
    below += course.at(p.t) - p.value > limit;
  }
  return std::max(above, below) == static_cast<int>(kOff);
}

// Whether the last windows lie off the course that the series had until `lag` windows ago.
bool ChangeFinder::leaves_course(std::size_t lag) const {
  const std::size_t end = size() - lag;
  const std::span<const Point> left = range(end - std::min(kReach, end - begin_), end);
  if (is_left(fit_curve(left, sd_, 1), true)) return true;
  return left.size() >= kEnoughForCurve && is_left(fit_curve(left, sd_, 2), false);
}

// The window from `first` to `last` that a line before and one behind it leave out best.
std::size_t ChangeFinder::locate(std::size_t first, std::size_t last) const {
  const std::size_t from = first - std::min(first - begin_, kReach / 2);
  const auto mismatch = [&](std::size_t w) {
    return fit_line(range(from, w), 0).squares + fit_line(range(w + 1, size()), 0).squares;
  };
  std::size_t best = first;
  double least = mismatch(best);
  for (std::size_t w = first + 1; w <= last; ++w) {
    const double here = mismatch(w);
    if (here >= least) continue;
    least = here;
    best = w;
  }
  return best;
}

Change ChangeFinder::examine(std::size_t window) const {
  const LineFit a = fit_line(range(window - std::min(kReach, window - begin_), window), sd_);
  const LineFit b = fit_line(range(window + 1, std::min(size(), window + 1 + kReach)), sd_);
  Change change{.window = window,
                .known_at = size() - 1,
                .t = range(window, window + 1)[0].t,
                .before = a.slope,
                .after = b.slope,
                .before_sd = a.slope_sd,
                .after_sd = b.slope_sd};
  change.step = b.at(change.t) - a.at(change.t);
  const double bend = b.slope - a.slope;
  const double step_limit =
      std::max({tolerance_us_, 2 * kTick, 6 * std::hypot(a.sd_at(change.t), b.sd_at(change.t))}) +
      kSecond * std::abs(bend);
  change.is_step = std::abs(change.step) > step_limit;
  // A bend is where the two lines meet.
  if (!change.is_step && bend != 0) change.t -= std::clamp(change.step / bend, -1.5 * kSecond, 1.5 * kSecond);
  return change;
}

bool ChangeFinder::counts(const Change& change) const {
  if (change.is_step) return true;
  const double span = static_cast<double>(std::min(change.window - begin_, size() - change.window)) * kSecond;
  const double limit = std::max({kLeastKink, 6 * change.slope_sd(), 3 * kTick / span});
  return std::abs(change.after - change.before) > limit && is_abrupt(change);
}

// A bend shows as well within the near half of either side if it is abrupt; of a slow curve, only a part of
// it shows.
bool ChangeFinder::is_abrupt(const Change& change) const {
  const std::size_t w = change.window;
  const std::size_t reach = std::min({kReach, w - begin_, size() - w - 1});
  if (reach < kEnoughForAbruptness) return true;
  const double whole = change.after - change.before;
  for (const std::size_t part : {4, 2}) {
    const LineFit a = fit_line(range(w - reach / part, w), sd_);
    const LineFit b = fit_line(range(w + 1, w + 1 + reach / part), sd_);
    if (std::hypot(a.slope_sd, b.slope_sd) > 0.15 * std::abs(whole) && part == 4) continue;
    return (b.slope - a.slope) / whole > (1 + 1.0 / static_cast<double>(part)) / 2;
  }
  return true;
}

// A drift that stops, though too small to leave its course by much. Windows that may yet be mended are left
// out. The longest reach is for the beginning, where there is no course yet that a change could leave: later
// on, drift that goes up and down within it might look like one that stops.
std::optional<Change> ChangeFinder::find_small_stop() const {
  const std::size_t end = size() - kOdd;
  for (const std::size_t reach : kStopReach) {
    const bool whole = end - begin_ <= reach;
    const std::size_t from = whole ? begin_ : end - reach;
    const bool beginning = reach == kStopReach.back();
    if (beginning && !whole) break;
    const std::optional<Stop> stop = find_stop(range(from, end), sd_);
    if (!stop) continue;
    const LineFit after = fit_line(range(from + stop->point, end), sd_);
    const LineFit before = fit_line(range(from, from + stop->point), sd_);
    return Change{.window = from + stop->point,
                  .known_at = size() - 1,
                  .t = range(from + stop->point, end)[0].t,
                  .before = stop->slope,
                  .after = after.slope,
                  .before_sd = before.slope_sd,
                  .after_sd = after.slope_sd};
  }
  return std::nullopt;
}

void ChangeFinder::drop_old() {
  if (series_.size() < 2 * kKept) return;
  dropped_ += series_.size() - kKept;
  series_.erase(series_.begin(), series_.end() - kKept);
}

std::optional<Change> ChangeFinder::add(const Window& window) {
  series_.push_back({window.t, window.centre});
  measure_noise(window);
  const std::size_t stretch = size() - begin_;
  if (stretch == 2 * kOdd + 1)
    for (std::size_t w = begin_; w <= begin_ + kOdd; ++w) mend(w);
  if (stretch > 2 * kOdd + 1) mend(size() - kOdd - 1);
  for (const std::size_t lag : kLags) {
    if (stretch < lag + kFewest) break;
    if (!leaves_course(lag)) continue;
    const std::size_t last = size() - kBehind;  // with three windows behind it
    const std::size_t first = std::max(begin_ + kFewest, size() - std::min(size(), 2 * lag + kBehind));
    const std::size_t found = locate(std::min(first, last), last);
    if (found + kBehind >= size()) continue;
    if (found - begin_ >= kEnoughForLine && !leaves_course(size() - found)) continue;
    const Change change = examine(found);
    if (!counts(change)) continue;
    begin_ = found + 1;
    return change;
  }
  if (size() % kStopTurn == 0 && stretch > kOdd)
    if (const auto change = find_small_stop()) {
      begin_ = change->window + 1;
      return change;
    }
  drop_old();
  return std::nullopt;
}

}  // namespace genlock::sync
