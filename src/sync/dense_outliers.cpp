#include "sync/dense_outliers.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr FineDuration kOneSecond = device_us(1'000'000);

}  // namespace

bool DenseOutliers::front_is_dense(std::size_t least_frames) const {
  const auto outliers = static_cast<std::size_t>(
      std::count_if(second_.begin(), second_.end(), [](const Seen& s) { return s.is_outlier; }));
  return outliers > kFewOutliers && 2 * outliers >= std::max(second_.size(), least_frames);
}

std::optional<NumberedFrame> DenseOutliers::take_front(std::size_t least_frames) {
  std::optional<NumberedFrame> dense;
  if (second_.front().is_outlier && front_is_dense(least_frames)) dense = second_.front().frame;
  second_.pop_front();
  return dense;
}

std::optional<NumberedFrame> DenseOutliers::add(const NumberedFrame& frame, bool is_outlier) {
  std::optional<NumberedFrame> dense;
  while (!second_.empty() && frame.stamp >= second_.front().frame.stamp + kOneSecond) {
    const std::optional<NumberedFrame> found = take_front(0);
    if (!dense) dense = found;
  }
  second_.push_back({frame, is_outlier});
  return dense;
}

std::optional<NumberedFrame> DenseOutliers::end() {
  const auto pulses = static_cast<std::size_t>(std::llround(1e6 / to_us(period_)));
  std::optional<NumberedFrame> dense;
  while (!second_.empty()) {
    const std::optional<NumberedFrame> found = take_front(pulses);
    if (!dense) dense = found;
  }
  return dense;
}

}  // namespace genlock::sync
