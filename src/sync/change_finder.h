#pragma once

#include <cmath>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "sync/offset_window.h"

namespace genlock::sync {

/// Windows that a change may still be placed in when it is found.
inline constexpr std::size_t kPlaceableWindows = 128;

/// A place where the difference of two clocks does not go on as before.
struct Change {
  std::size_t window = 0;    ///< the one it is in: the first that does not belong to what was before
  std::size_t known_at = 0;  ///< the window that makes it certain
  double t = 0;              ///< s
  double step = 0;           ///< µs
  double before = 0;         ///< slopes, ppm
  double after = 0;
  double before_sd = 0;
  double after_sd = 0;
  bool is_step = false;  ///< the values jump; otherwise only the slope does

  /// Of after - before.
  double slope_sd() const { return std::hypot(before_sd, after_sd); }
};

/// Finds changes in a series of windows, one at a time: what it says of a window depends on that and what was
/// before, never on what comes later, so that a take that goes on and the same take from files are judged
/// alike. A change is told as soon as the last three windows lie off the course of the minute before it by
/// more than noise and three ticks of the clock, and it is clear which window it is in: 5 s behind it at the
/// soonest, for a bend of p ppm about 33 / p seconds; a drift that stops also later, when that describes the
/// last one and a half minutes clearly better than a smooth course (find_stop). Slow curves, as of crystals
/// that warm up, and up to three odd windows are no changes. Memory is bounded.
class ChangeFinder {
 public:
  explicit ChangeFinder(double tolerance_us) : tolerance_us_(tolerance_us) {}

  /// The change that this window makes certain.
  std::optional<Change> add(const Window& window);

  /// Noise of a window's centre as measured up to now, µs.
  double sd() const { return sd_; }

 private:
  std::size_t size() const { return dropped_ + series_.size(); }
  std::span<const Point> range(std::size_t begin, std::size_t end) const;
  void measure_noise(const Window& window);
  void mend(std::size_t window);
  bool is_odd_at_edge(std::size_t window, double* mended) const;
  bool is_left(const CurveFit& course, bool may_curve) const;
  bool leaves_course(std::size_t lag) const;
  std::size_t locate(std::size_t first, std::size_t last) const;
  Change examine(std::size_t window) const;
  std::optional<Change> find_small_stop() const;
  bool counts(const Change& change) const;
  bool is_abrupt(const Change& change) const;
  void drop_old();

  double tolerance_us_;
  std::vector<Point> series_;  // centres, odd ones mended
  std::size_t dropped_ = 0;    // windows before the first of series_
  std::size_t begin_ = 0;      // first window since the last change
  std::deque<double> noises_;
  double sd_ = 0;
};

}  // namespace genlock::sync
