#include "sync/offset_series.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace genlock::sync {
namespace {

constexpr double kWindow = 1.0;     // s
constexpr std::size_t kFewest = 3;  // points of a window, windows of a stretch
constexpr std::size_t kReach = 60;  // windows on either side that a change is looked for with
constexpr std::size_t kLongestRun = 3 * kReach;
constexpr std::size_t kFitReach = 30;  // windows on either side that the slowly varying fit uses
constexpr double kTick = 100.0 / 9.0;  // µs
constexpr double kLeastKink = 1.0;     // ppm
constexpr double kLeastSd = 1.0;       // µs, of a window's centre

Window make_window(std::span<const Point> points, std::size_t begin, std::size_t end) {
  Window window{.begin = begin, .end = end};
  std::vector<double> values;
  values.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    window.t += points[i].t / static_cast<double>(end - begin);
    values.push_back(points[i].value);
  }
  window.centre = middle_mean(values);
  return window;
}

std::vector<Window> cut_windows(std::span<const Point> points) {
  std::vector<Window> windows;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].t - points[begin].t < kWindow || i - begin < kFewest) continue;
    windows.push_back(make_window(points, begin, i));
    begin = i;
  }
  // A short rest belongs to the window before it.
  const bool rest_stands_alone = windows.empty() || points.size() - begin >= kFewest;
  if (rest_stands_alone) windows.push_back(make_window(points, begin, points.size()));
  if (!rest_stands_alone) windows.back() = make_window(points, windows.back().begin, points.size());
  return windows;
}

std::vector<Point> centres(std::span<const Window> windows) {
  std::vector<Point> points;
  points.reserve(windows.size());
  for (const Window& w : windows) points.push_back({w.t, w.centre});
  return points;
}

struct Candidate {
  Change change;
  double strength = 0;  // how far above what noise gives; beyond 1 it counts
};

// How the series goes on at window w, judged from up to `reach` windows on either side.
Candidate examine(std::span<const Point> series, std::size_t w, std::size_t reach, double sd,
                  double tolerance_us) {
  const std::size_t left = std::min(reach, w);
  const std::size_t right = std::min(reach, series.size() - w);
  const LineFit a = fit_line(series.subspan(w - left, left), sd);
  const LineFit b = fit_line(series.subspan(w, right), sd);
  const double t = (series[w - 1].t + series[w].t) / 2;
  const double span =
      std::min(series[w - 1].t - series[w - left].t, series[w + right - 1].t - series[w].t) + kWindow;
  Candidate found;
  found.change = {.window = w,
                  .t = t,
                  .step = b.at(t) - a.at(t),
                  .before = a.slope,
                  .after = b.slope,
                  .before_sd = a.slope_sd,
                  .after_sd = b.slope_sd,
                  .is_step = false};
  const double kink_limit = std::max({kLeastKink, 6 * found.change.slope_sd(), 3 * kTick / span});
  // A bend inside a window looks like a small step at its edge.
  const double step_limit = std::max({tolerance_us, 2 * kTick, 6 * std::hypot(a.sd_at(t), b.sd_at(t))}) +
                            kWindow * std::abs(b.slope - a.slope);
  found.change.is_step = std::abs(found.change.step) > step_limit;
  found.strength =
      std::max(std::abs(b.slope - a.slope) / kink_limit, std::abs(found.change.step) / step_limit);
  return found;
}

// A bend shows as well within a part of the reach if it is abrupt; of a slow curve, only that part of it
// shows.
bool is_abrupt(std::span<const Point> series, const Candidate& found, double sd, double tolerance_us) {
  const std::size_t w = found.change.window;
  const std::size_t reach = std::min({kReach, w, series.size() - w});
  if (found.change.is_step || reach < 8 * kFewest) return true;
  const double whole = found.change.after - found.change.before;
  for (const std::size_t part : {4, 2}) {
    const Change near = examine(series, w, reach / part, sd, tolerance_us).change;
    if (near.slope_sd() > 0.15 * std::abs(whole) && part == 4) continue;
    return (near.after - near.before) / whole > (1 + 1.0 / static_cast<double>(part)) / 2;
  }
  return true;
}

// Where in a run of suspicious windows the change is: where a line on either side, each over all that is
// concerned, fits best.
std::size_t locate(std::span<const Point> series, std::size_t run_begin, std::size_t run_end) {
  const std::size_t lo = run_begin - std::min(run_begin, kReach);
  const std::size_t hi = std::min(series.size(), run_end + kReach);
  const auto mismatch = [&](std::size_t w) {
    return fit_line(series.subspan(lo, w - lo), 0).squares + fit_line(series.subspan(w, hi - w), 0).squares;
  };
  std::size_t best = run_begin;
  double least = mismatch(best);
  for (std::size_t w = run_begin + 1; w < run_end; ++w) {
    const double here = mismatch(w);
    if (here >= least) continue;
    least = here;
    best = w;
  }
  return best;
}

std::vector<Change> find_changes(std::span<const Point> series, double sd, double tolerance_us) {
  std::vector<Change> changes;
  std::size_t run_begin = 0, run = 0;
  const auto close_run = [&] {
    if (run == 0) return;
    const Candidate found =
        examine(series, locate(series, run_begin, run_begin + run), kReach, sd, tolerance_us);
    if (found.strength > 1 && is_abrupt(series, found, sd, tolerance_us)) changes.push_back(found.change);
    run = 0;
  };
  for (std::size_t w = kFewest; w + kFewest <= series.size(); ++w) {
    const bool suspicious = examine(series, w, kReach, sd, tolerance_us).strength > 1;
    if (!suspicious || run == kLongestRun) close_run();
    if (suspicious && run++ == 0) run_begin = w;
  }
  close_run();
  return changes;
}

struct Stretch {
  std::size_t begin = 0, end = 0;
};

std::vector<Stretch> stretches_between(const std::vector<Change>& changes, std::size_t windows) {
  std::vector<Stretch> stretches;
  std::size_t begin = 0;
  for (const Change& change : changes) {
    stretches.push_back({begin, change.window});
    begin = change.window;
  }
  stretches.push_back({begin, windows});
  return stretches;
}

void take_residuals(OffsetSeries& out, Window& window, const LineFit& fit, std::span<const Point> points) {
  for (std::size_t i = window.begin; i < window.end; ++i)
    out.residuals[i] = points[i].value - fit.at(points[i].t);
  window.residual = median({out.residuals.begin() + static_cast<std::ptrdiff_t>(window.begin),
                            out.residuals.begin() + static_cast<std::ptrdiff_t>(window.end)});
}

void fit_stretch(OffsetSeries& out, Stretch stretch, std::span<const Point> series,
                 std::span<const Point> points, double sd) {
  for (std::size_t w = stretch.begin; w < stretch.end; ++w) {
    const std::size_t from = std::max(stretch.begin, w - std::min(w, kFitReach));
    const std::size_t to = std::min(stretch.end, w + kFitReach + 1);
    take_residuals(out, out.windows[w], fit_line_robust(series.subspan(from, to - from), sd), points);
  }
}

double spread(std::span<const double> residuals, double limit) {
  double squares = 0;
  std::size_t count = 0;
  for (const double r : residuals) {
    if (std::abs(r) > limit) continue;
    squares += r * r;
    ++count;
  }
  return count == 0 ? 0 : std::sqrt(squares / static_cast<double>(count));
}

std::size_t windows_within(std::span<const Point> series, Stretch stretch, double seconds) {
  std::size_t end = stretch.begin + 1;
  while (end < stretch.end && series[end].t - series[stretch.begin].t <= seconds) ++end;
  return end - stretch.begin;
}

// Too short for windows: one line through the points themselves.
void fit_short(OffsetSeries& out, std::span<const Point> points) {
  const double sd = std::max(kTick / 2, neighbour_sd(points));
  out.start = out.main = fit_line_robust(points, sd);
  for (Window& window : out.windows) take_residuals(out, window, out.start, points);
}

// From the windows, and, since few windows can look alike by chance, from the points.
double window_sd(std::span<const Point> points, std::span<const Point> series) {
  const double in_a_window = static_cast<double>(points.size()) / static_cast<double>(series.size());
  return std::max({kLeastSd, neighbour_sd(series), 1.25 * neighbour_sd(points) / std::sqrt(in_a_window)});
}

void fit_long(OffsetSeries& out, std::span<const Point> points, double tolerance_us, double drawn_back_s) {
  const std::vector<Point> series = centres(out.windows);
  const double sd = window_sd(points, series);
  out.changes = find_changes(series, sd, tolerance_us);
  const std::vector<Stretch> stretches = stretches_between(out.changes, series.size());
  for (const Stretch& stretch : stretches) fit_stretch(out, stretch, series, points, sd);
  const Stretch longest = *std::ranges::max_element(stretches, {}, [](Stretch s) { return s.end - s.begin; });
  const std::span<const Point> all = series;
  out.main = fit_line_robust(all.subspan(longest.begin, longest.end - longest.begin), sd);
  const std::size_t first = windows_within(series, stretches.front(), std::max(60.0, drawn_back_s));
  out.start = fit_line_robust(all.first(first), sd);
}

void find_worst(OffsetSeries& out) {
  const auto size = [](const Window& w) { return std::abs(w.residual); };
  out.worst = static_cast<std::size_t>(std::ranges::max_element(out.windows, {}, size) - out.windows.begin());
}

}  // namespace

OffsetSeries analyse_offsets(std::span<const Point> points, double tolerance_us, double drawn_back_s) {
  OffsetSeries out;
  if (points.empty()) return out;
  out.windows = cut_windows(points);
  out.residuals.resize(points.size());
  if (out.windows.size() < 2 * kFewest)
    fit_short(out, points);
  else
    fit_long(out, points, tolerance_us, drawn_back_s);
  out.jitter = spread(out.residuals, 2 * tolerance_us);
  find_worst(out);
  return out;
}

OffsetSeries analyse_level(std::span<const Point> points, double tolerance_us) {
  OffsetSeries out = analyse_offsets(points, tolerance_us, 0);
  if (points.empty()) return out;
  for (Window& window : out.windows) take_residuals(out, window, LineFit{}, points);
  find_worst(out);
  return out;
}

}  // namespace genlock::sync
