#include "sync/line_reader.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

double excess_us(const NumberedFrame& from, const NumberedFrame& to, FineDuration period) {
  return to_us(to.stamp - from.stamp) - static_cast<double>(to.number - from.number) * to_us(period);
}

}  // namespace

bool LineReader::find_next_good(std::size_t end) {
  next_good_ = std::max(next_good_, at_ + 1);
  while (next_good_ < end && line_->frames()[next_good_].place != Place::good) ++next_good_;
  return next_good_ < end;
}

bool LineReader::sticks_out() const {
  if (!good_before_) return false;
  const std::vector<NumberedFrame>& all = line_->frames();
  const double before = excess_us(all[*good_before_], all[at_], line_->period());
  const double after = excess_us(all[at_], all[next_good_], line_->period());
  return before * after < 0 && std::min(std::abs(before), std::abs(after)) > limit_us_;
}

std::optional<LineReader::Read> LineReader::next() {
  const std::size_t end = line_->jump().value_or(ended_ ? line_->frames().size() : line_->settled());
  if (at_ >= end) return std::nullopt;
  Read read{at_, line_->frames()[at_].place};
  if (read.place == Place::good) {
    const bool has_next = find_next_good(end);
    if (!has_next && !ended_ && !line_->jump()) return std::nullopt;
    if (has_next && sticks_out()) read.place = Place::outlier;
    good_before_ = at_;
  }
  ++at_;
  ++read_;
  return read;
}

}  // namespace genlock::sync
