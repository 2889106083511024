#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "sync/change_finder.h"

namespace genlock::sync {

/// Where the slowly varying course puts a window.
struct SettledFit {
  std::size_t window = 0;
  LineFit fit;
};

/// What one more window tells.
struct CourseNews {
  std::optional<Change> change;
  std::vector<SettledFit> settled;  ///< in order; each window once
};

/// Follows the difference of two clocks window by window: changes, and between them a straight line over
/// ±30 s around each window. What it says does not depend on windows to come: the line of a window is settled
/// 30 windows later, or by a change or the end before that.
class CourseFollower {
 public:
  /// `drawn_back_s` is how far before the first window the clocks had their zero.
  CourseFollower(double tolerance_us, double drawn_back_s)
      : finder_(tolerance_us), drawn_back_s_(drawn_back_s) {}

  CourseNews add(const Window& window);
  /// No more windows come: those that wait are settled.
  std::vector<SettledFit> end();

  /// Of all windows.
  const std::vector<Point>& centres() const { return centres_; }
  double sd() const { return finder_.sd(); }

  /// The course of the half minute before the newest window, at that; its own value where there is none yet.
  double course_at_newest() const;

  /// The course from the beginning: over a minute, or over as long as the clocks' zero is before it, if that
  /// is longer; at most up to the first change.
  LineFit start() const { return start_ ? *start_ : fit_start(); }
  /// Whether more windows leave start() as it is.
  bool start_is_settled() const { return start_.has_value(); }

 private:
  LineFit fit_start() const;
  SettledFit settle(std::size_t window, std::size_t end) const;

  ChangeFinder finder_;
  double drawn_back_s_;
  std::vector<Point> centres_;
  std::optional<LineFit> start_;
  std::optional<std::size_t> first_change_;
  std::size_t begin_ = 0;    // of the stretch that waiting windows are in
  std::size_t settled_ = 0;  // windows
};

}  // namespace genlock::sync
