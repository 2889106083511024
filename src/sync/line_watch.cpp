#include "sync/line_watch.h"

namespace genlock::sync {

LineWatch::LineWatch(LineName name, const PulseLine& line)
    : name_(name),
      line_(&line),
      reader_(line, 2 * tolerance(name.unit->rate).count()),
      dense_(line.period()) {}

// The stamp of the frame before a gap stands for it.
void LineWatch::look_for_gap(const NumberedFrame& frame) {
  const std::int64_t hole = before_ ? frame.number - before_->number - 1 : 0;
  if (hole > 0) gap_.note(before_->stamp, before_->number + 1, static_cast<std::uint64_t>(hole));
  before_ = frame;
}

void LineWatch::look_at(const NumberedFrame& frame, Place place) {
  const bool is_outlier = place == Place::outlier;
  outliers_ += is_outlier;
  if (const auto dense = dense_.add(frame, is_outlier)) dense_second_.note(dense->stamp, dense->number, 1);
  if (is_outlier) outlier_.note(frame.stamp, frame.number, 1);
  if (place == Place::duplicate) duplicate_.note(frame.stamp, frame.number, 1);
  if (place == Place::off_pulse) off_pulse_.note(frame.stamp, frame.number, 1);
  if (is_outlier || place == Place::good) look_for_gap(frame);
}

void LineWatch::tell(std::int64_t shift, Findings& out) {
  const auto occurrence = [&](const Episode::Begun& b) {
    return Occurrence{device_time(b.at), b.pulse + shift, b.count};
  };
  for (const Episode::Begun& b : gap_.take())
    out.push_back(missing_finding(name_, {b.pulse + shift, b.count, device_time(b.at)}, b.count));
  for (const Episode::Begun& b : duplicate_.take()) out.push_back(duplicate_finding(name_, occurrence(b)));
  for (const Episode::Begun& b : outlier_.take())
    out.push_back(outlier_finding(name_, occurrence(b), reader_.frames_read(), OutlierKind::few));
  for (const Episode::Begun& b : dense_second_.take()) {
    Occurrence found = occurrence(b);
    found.count = outliers_;
    out.push_back(outlier_finding(name_, found, reader_.frames_read(), OutlierKind::dense));
  }
  for (const Episode::Begun& b : off_pulse_.take()) out.push_back(off_pulse_finding(name_, occurrence(b)));
}

void LineWatch::advance(std::int64_t shift, Findings& out) {
  while (const auto read = reader_.next()) look_at(line_->frames()[read->frame], read->place);
  tell(shift, out);
  if (!line_->jump() || jump_told_) return;
  jump_told_ = true;
  const NumberedFrame& first = line_->frames()[*line_->jump()];
  const std::uint64_t behind = line_->frames().size() - *line_->jump();
  out.push_back(clock_jump_finding(name_, {device_time(first.stamp), first.number + shift, behind}));
}

}  // namespace genlock::sync
