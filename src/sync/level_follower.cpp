#include "sync/level_follower.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr std::size_t kFirst = 10;  // windows that tell the constant part
constexpr std::size_t kLater = 6;   // windows behind one by which a step in it is known

}  // namespace

void LevelFollower::settle_constant(LevelNews& news) {
  constant_known_ = true;
  if (step_ && *step_ < first_.size()) first_.resize(*step_);
  const double constant = median(first_);
  const auto off = static_cast<std::size_t>(std::ranges::count_if(
      first_, [&](double m) { return std::copysign(m, constant) == m && std::abs(m) > tolerance_us_; }));
  constant_off_ = off > 0 && off + first_.size() / kFirst >= first_.size();
  if (constant_off_) news.constant_error = constant;
}

void LevelFollower::judge_windows(std::size_t until, LevelNews& news) {
  for (; judged_ < until; ++judged_, waiting_.pop_front()) {
    const bool explained = constant_off_ || (step_ && *step_ <= judged_);
    if (!explained && std::abs(waiting_.front()) > tolerance_us_) news.off.push_back(judged_);
  }
}

LevelNews LevelFollower::add(double median, const std::optional<Change>& change) {
  LevelNews news;
  waiting_.push_back(median);
  const std::size_t windows = judged_ + waiting_.size();
  if (change && change->is_step && !step_) step_ = change->window;
  if (first_.size() < kFirst) first_.push_back(median);
  if (!constant_known_ && (first_.size() == kFirst || step_)) settle_constant(news);
  if (constant_known_ && windows > kLater) judge_windows(std::max(judged_, windows - kLater), news);
  return news;
}

LevelNews LevelFollower::end() {
  LevelNews news;
  if (!constant_known_) settle_constant(news);
  judge_windows(judged_ + waiting_.size(), news);
  return news;
}

}  // namespace genlock::sync
