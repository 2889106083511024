#include "sync/level_watch.h"

#include <cmath>

#include "sync/numbering.h"

namespace genlock::sync {
namespace {

constexpr double kFirstSecond = 1;  // s of frames of both that tell which belong together

bool has_a_second(const PulseLine& line) {
  const std::size_t settled = line.settled();
  return settled > 0 &&
         to_seconds(line.frames()[settled - 1].stamp - line.frames().front().stamp) >= kFirstSecond;
}

}  // namespace

LevelWatch::LevelWatch(std::size_t unit, const UnitData& data)
    : unit_(unit),
      data_(&data),
      tolerance_us_(tolerance(data.description.rate).count()),
      view_(bare_view(unit, Stream::depth, data)),
      color_view_(bare_view(unit, Stream::color, data)),
      finder_(tolerance_us_),
      level_(tolerance_us_) {
  offset_.expected = Micros(to_us(view_.expected - color_view_.expected));
}

OffsetCase LevelWatch::offset_case() const {
  return {.unit = data_,
          .view = &view_,
          .pairs = nullptr,
          .series = nullptr,
          .offset = &offset_,
          .tolerance_us = tolerance_us_,
          .primary = false};
}

void LevelWatch::try_to_join() {
  if (!has_a_second(data_->color) || !has_a_second(data_->depth)) return;
  LineView depth = view_line(unit_, Stream::depth, data_->depth, 2 * tolerance_us_);
  LineView color = view_line(unit_, Stream::color, data_->color, 2 * tolerance_us_);
  set_expected(depth, data_->description);
  set_expected(color, data_->description);
  frames_joined_ += depth.frames.size() + color.frames.size();
  if (depth.empty() || color.empty()) return;
  join_depth(depth, color);
  readers_.emplace(Readers{PlacedReader(data_->color, 2 * tolerance_us_, 0),
                           PlacedReader(data_->depth, 2 * tolerance_us_, depth.shift)});
}

std::optional<std::int64_t> LevelWatch::depth_shift() const {
  if (!readers_) return std::nullopt;
  return readers_->depth.shift();
}

std::uint64_t LevelWatch::frames_read() const {
  return frames_joined_ + (readers_ ? readers_->color.frames_read() + readers_->depth.frames_read() : 0);
}

void LevelWatch::take(const Window& window, std::int64_t color_shift, Findings& out) {
  std::vector<double> values;
  for (const Point& p : cutter_.window_points()) values.push_back(p.value);
  open_->median = median(std::move(values));
  marks_.push_back(*open_);
  open_.reset();
  ++windows_;
  const auto mark = [&](std::size_t w) -> const Mark& { return marks_[marks_.size() - windows_ + w]; };
  const std::optional<Change> change = finder_.add(window);
  if (change && change->is_step) {
    const Mark& at = mark(change->window);
    out.push_back(
        depth_step_finding(offset_case(), device_time(at.depth), at.number + color_shift, change->step));
  }
  const LevelNews news = level_.add(marks_.back().median, change);
  if (news.constant_error) out.push_back(depth_delay_finding(offset_case(), *news.constant_error));
  for (const std::size_t w : news.off)
    off_.note(mark(w).color, mark(w).number + color_shift, 1, std::abs(mark(w).median));
  if (marks_.size() > kPlaceableWindows) marks_.pop_front();
}

void LevelWatch::advance(std::int64_t color_shift, Findings& out) {
  if (!readers_) try_to_join();
  while (readers_ && readers_->color.front() && readers_->depth.front()) {
    const PlacedFrame color = *readers_->color.front(), depth = *readers_->depth.front();
    if (color.pulse == depth.pulse) {
      // One exposure moves both, so it does not matter here.
      const double value = to_us(view_.nominal(depth) - color_view_.nominal(color));
      if (const auto window = cutter_.add({to_seconds(color.stamp), value})) take(*window, color_shift, out);
      if (!open_) open_ = Mark{depth.stamp, color.stamp, color.pulse, 0};
    }
    if (color.pulse <= depth.pulse) readers_->color.pop();
    if (depth.pulse <= color.pulse) readers_->depth.pop();
  }
  for (const Episode::Begun& b : off_.take()) {
    offset_.worst_window = Micros(b.worst);
    offset_.worst_window_at = device_time(b.at);
    out.push_back(depth_unsteady_finding(offset_case()));
    out.back().pulse = b.pulse;
  }
}

}  // namespace genlock::sync
