#include "sync/course_follower.h"

#include <algorithm>

namespace genlock::sync {
namespace {

constexpr std::size_t kFollowedReach = 30;  // windows on either side
constexpr double kStart = 60;               // s

}  // namespace

SettledFit CourseFollower::settle(std::size_t window, std::size_t end) const {
  const std::size_t from = std::max(begin_, window - std::min(window, kFollowedReach));
  const std::size_t to = std::min(end, window + kFollowedReach + 1);
  return {window, fit_line_robust(std::span(centres_).subspan(from, to - from), sd())};
}

CourseNews CourseFollower::add(const Window& window) {
  centres_.push_back({window.t, window.centre});
  CourseNews news;
  news.change = finder_.add(window);
  if (news.change) {
    const std::size_t end = news.change->window;
    for (; settled_ < end; ++settled_) news.settled.push_back(settle(settled_, end));
    begin_ = end;
    if (!first_change_) first_change_ = end;
  }
  const bool long_enough = window.t - centres_.front().t > std::max(kStart, drawn_back_s_);
  if (!start_ && (first_change_ || long_enough)) start_ = fit_start();
  for (; settled_ + kFollowedReach < centres_.size(); ++settled_)
    news.settled.push_back(settle(settled_, centres_.size()));
  return news;
}

std::vector<SettledFit> CourseFollower::end() {
  std::vector<SettledFit> settled;
  for (; settled_ < centres_.size(); ++settled_) settled.push_back(settle(settled_, centres_.size()));
  return settled;
}

double CourseFollower::course_at_newest() const {
  const std::size_t newest = centres_.size() - 1;
  const std::size_t from = std::max(begin_, newest - std::min(newest, kFollowedReach));
  if (newest < from + kFewest) return centres_.back().value;
  return fit_line_robust(std::span(centres_).subspan(from, newest - from), sd()).at(centres_.back().t);
}

LineFit CourseFollower::fit_start() const {
  const std::size_t most = first_change_.value_or(centres_.size());
  std::size_t end = 0;
  while (end < most && centres_[end].t - centres_.front().t <= std::max(kStart, drawn_back_s_)) ++end;
  return fit_line_robust(std::span(centres_).first(end), sd());
}

}  // namespace genlock::sync
