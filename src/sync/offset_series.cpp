#include "sync/offset_series.h"

#include <algorithm>
#include <cmath>

#include "sync/course_follower.h"

namespace genlock::sync {
namespace {

constexpr double kTick = 100.0 / 9.0;  // µs

void take_residuals(OffsetSeries& out, Window& window, const LineFit& fit, std::span<const Point> points) {
  for (std::size_t i = window.begin; i < window.end; ++i)
    out.residuals[i] = points[i].value - fit.at(points[i].t);
  window.residual = median({out.residuals.begin() + static_cast<std::ptrdiff_t>(window.begin),
                            out.residuals.begin() + static_cast<std::ptrdiff_t>(window.end)});
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

// Too short for windows: one line through the points themselves.
void fit_short(OffsetSeries& out, std::span<const Point> points) {
  const double sd = std::max(kTick / 2, neighbour_sd(points));
  out.start = out.main = fit_line_robust(points, sd);
  for (Window& window : out.windows) take_residuals(out, window, out.start, points);
}

struct Stretch {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

Stretch longest_stretch(const std::vector<Change>& changes, std::size_t windows) {
  Stretch longest{0, changes.empty() ? windows : changes.front().window};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Stretch next{changes[i].window, i + 1 < changes.size() ? changes[i + 1].window : windows};
    if (next.size() > longest.size()) longest = next;
  }
  return longest;
}

// The windows as they end, and what the follower says of each.
class SeriesBuilder {
 public:
  SeriesBuilder(std::span<const Point> points, double tolerance_us, double drawn_back_s, OffsetSeries& out)
      : points_(points), out_(out), follower_(tolerance_us, drawn_back_s) {}

  void run() {
    out_.residuals.resize(points_.size());
    for (const Point& point : points_)
      if (const auto window = cutter_.add(point)) take(*window);
    if (const auto rest = cutter_.rest())
      take(*rest);
    else
      join_rest(out_.windows.back());
  }

  void fit() {
    take(follower_.end());
    const Stretch longest = longest_stretch(out_.changes, out_.windows.size());
    const std::span<const Point> centres = follower_.centres();
    out_.main = fit_line_robust(centres.subspan(longest.begin, longest.size()), follower_.sd());
    out_.start = follower_.start();
  }

 private:
  void take(const Window& window) {
    out_.windows.push_back(window);
    const CourseNews news = follower_.add(window);
    if (news.change) out_.changes.push_back(*news.change);
    take(news.settled);
  }

  void take(const std::vector<SettledFit>& settled) {
    for (const SettledFit& s : settled) take_residuals(out_, out_.windows[s.window], s.fit, points_);
  }

  // Too few for a window of their own.
  void join_rest(Window& last) { last = make_window(points_.subspan(last.begin), last.begin); }

  std::span<const Point> points_;
  OffsetSeries& out_;
  WindowCutter cutter_;
  CourseFollower follower_;
};

void find_worst(OffsetSeries& out) {
  const auto size = [](const Window& w) { return std::abs(w.residual); };
  out.worst = static_cast<std::size_t>(std::ranges::max_element(out.windows, {}, size) - out.windows.begin());
}

}  // namespace

OffsetSeries analyse_offsets(std::span<const Point> points, double tolerance_us, double drawn_back_s) {
  OffsetSeries out;
  if (points.empty()) return out;
  SeriesBuilder builder(points, tolerance_us, drawn_back_s, out);
  builder.run();
  if (out.windows.size() < kFewestWindows)
    fit_short(out, points);
  else
    builder.fit();
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
