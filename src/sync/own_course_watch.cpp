#include "sync/own_course_watch.h"

#include <cmath>

#include "sync/numbering.h"

namespace genlock::sync {
namespace {}  // namespace

OwnCourseWatch::OwnCourseWatch(std::size_t unit, Stream stream, const UnitData& data, double tolerance_us)
    : data_(&data),
      view_(bare_view(unit, stream, data)),
      reader_(data.line(stream), 2 * tolerance(data.description.rate).count(), 0),
      finder_(tolerance_us) {}

void OwnCourseWatch::advance(std::span<const DeviceTime> unplugged, Findings& out) {
  for (; reader_.front(); reader_.pop()) {
    const PlacedFrame& frame = *reader_.front();
    if (!first_) first_ = frame, open_ = frame.stamp;
    const auto window = cutter_.add(own_point(view_, *first_, frame));
    if (!window) continue;
    begins_.push_back(open_);
    open_ = frame.stamp;
    ++windows_;
    if (begins_.size() > kPlaceableWindows) begins_.pop_front();
    const std::optional<Change> change = finder_.add(*window);
    if (!change) continue;
    const FineDuration begin = begins_[begins_.size() - windows_ + change->window];
    const double later_s = change->t - to_seconds(begin);
    const DeviceTime at = device_time(begin) + device_us(std::llround(later_s * 1e6));
    judge_changes(*data_, view_, std::span(&*change, 1), std::span(&at, 1), unplugged, out);
  }
}

}  // namespace genlock::sync
