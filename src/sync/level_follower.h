#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "sync/change_finder.h"

namespace genlock::sync {

/// What one more window tells of a level.
struct LevelNews {
  std::optional<double> constant_error;  ///< µs
  std::vector<std::size_t> off;          ///< windows beyond the tolerance
};

/// Judges the distance of two streams of one clock from where it should be, window by window. Its constant
/// part is that of the first ten windows. A window is off by itself where neither that nor a step before it
/// explains it, which is known six windows later. What it says does not depend on windows to come.
class LevelFollower {
 public:
  explicit LevelFollower(double tolerance_us) : tolerance_us_(tolerance_us) {}

  /// `median` is that of the window's values; `change` what became certain with it.
  LevelNews add(double median, const std::optional<Change>& change);
  LevelNews end();

 private:
  void settle_constant(LevelNews& news);
  void judge_windows(std::size_t until, LevelNews& news);

  double tolerance_us_;
  std::vector<double> first_;  // medians of the first windows
  bool constant_known_ = false;
  bool constant_off_ = false;
  std::deque<double> waiting_;
  std::size_t judged_ = 0;
  std::optional<std::size_t> step_;  // window of the first step
};

}  // namespace genlock::sync
