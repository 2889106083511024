#pragma once

#include <deque>
#include <optional>

#include "sync/pulse_line.h"

namespace genlock::sync {

/// So many are a false start or a mishap; more may be a habit.
inline constexpr std::size_t kFewOutliers = 2;

/// Finds the seconds in which at least half of a stream's frames, and more than two, are outliers. Frames are
/// given in the order of the line.
class DenseOutliers {
 public:
  explicit DenseOutliers(FineDuration period) : period_(period) {}

  /// The outlier that a dense second begins with, where this frame ends one.
  std::optional<NumberedFrame> add(const NumberedFrame& frame, bool is_outlier);

  /// No more frames come.
  std::optional<NumberedFrame> end();

 private:
  struct Seen {
    NumberedFrame frame;
    bool is_outlier = false;
  };
  bool front_is_dense(std::size_t least_frames) const;
  std::optional<NumberedFrame> take_front(std::size_t least_frames);

  FineDuration period_;
  std::deque<Seen> second_;
};

}  // namespace genlock::sync
