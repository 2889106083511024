#include "sync/line_view.h"

#include <algorithm>
#include <cmath>

#include "sync/line_reader.h"

namespace genlock::sync {
namespace {

constexpr std::int64_t kStartUp = 1;  // pulses that the cameras of a unit may begin or end apart

bool on_a_pulse(const NumberedFrame& frame) {
  return frame.place == Place::good || frame.place == Place::outlier;
}

// The first and last frames on pulses.
struct Span {
  PlacedFrame first, last;
};

Span span_of(const LineView& view) {
  const std::vector<NumberedFrame>& all = view.line->frames();
  const auto placed = [&](const NumberedFrame& f) {
    return PlacedFrame{f.stamp, f.number + view.shift, f.half_exposure_us};
  };
  return {placed(*std::find_if(all.begin(), all.end(), on_a_pulse)),
          placed(*std::find_if(all.rbegin(), all.rend(), on_a_pulse))};
}

void add(const Gap& gap, Missing& missing) {
  ++missing.gaps;
  missing.frames += gap.frames;
}

}  // namespace

LineView view_line(std::size_t unit, Stream stream, const PulseLine& line, double limit_us) {
  LineView view{.unit = unit,
                .stream = stream,
                .line = &line,
                .expected = {},
                .configured = {},
                .frames = {},
                .outliers = {},
                .shift = 0};
  view.frames.reserve(line.frames().size());
  LineReader reader(line, limit_us);
  reader.end();
  while (const auto read = reader.next()) {
    const NumberedFrame& frame = line.frames()[read->frame];
    if (read->place == Place::good)
      view.frames.push_back({frame.stamp, frame.number, frame.half_exposure_us});
    if (read->place == Place::outlier) view.outliers.push_back(read->frame);
  }
  return view;
}

void shift_pulses(LineView& view, std::int64_t by) {
  view.shift += by;
  for (PlacedFrame& frame : view.frames) frame.pulse += by;
}

double pulse_position(const LineView& view, FineDuration stamp) {
  auto next = std::ranges::lower_bound(view.frames, stamp, {}, &PlacedFrame::stamp);
  const bool before_is_nearer =
      next == view.frames.end() ||
      (next != view.frames.begin() && stamp - std::prev(next)->stamp < next->stamp - stamp);
  if (before_is_nearer) --next;
  return static_cast<double>(next->pulse) + to_us(stamp - next->stamp) / to_us(view.line->period());
}

std::int64_t pulse_at(const LineView& view, FineDuration stamp) {
  return std::llround(pulse_position(view, stamp));
}

PairPoint pair_point(const LineView& view, const PlacedFrame& frame, const LineView& reference,
                     const PlacedFrame& partner) {
  const bool known = frame.half_exposure_us >= 0 && partner.half_exposure_us >= 0;
  const double shift = known ? double{frame.half_exposure_us} - double{partner.half_exposure_us} : 0;
  return {{to_seconds(partner.stamp), to_us(view.nominal(frame) - reference.nominal(partner)) - shift},
          shift};
}

Pairs pair_frames(const LineView& view, const LineView& reference) {
  Pairs pairs;
  pairs.points.reserve(std::min(view.frames.size(), reference.frames.size()));
  std::size_t r = 0;
  for (const PlacedFrame& frame : view.frames) {
    while (r < reference.frames.size() && reference.frames[r].pulse < frame.pulse) ++r;
    if (r == reference.frames.size()) break;
    const PlacedFrame& partner = reference.frames[r];
    if (partner.pulse != frame.pulse) continue;
    const auto [point, shift] = pair_point(view, frame, reference, partner);
    if (std::abs(shift) > std::abs(pairs.exposure_shift_us)) pairs.exposure_shift_us = shift;
    pairs.points.push_back(point);
    pairs.frames.push_back(static_cast<std::size_t>(&frame - view.frames.data()));
    pairs.partners.push_back(r);
  }
  return pairs;
}

Point own_point(const LineView& view, const PlacedFrame& first, const PlacedFrame& frame) {
  const double pulses = static_cast<double>(frame.pulse - first.pulse);
  return {to_seconds(frame.stamp), to_us(frame.stamp - first.stamp) - pulses * to_us(view.line->period())};
}

std::vector<Point> own_course(const LineView& view) {
  std::vector<Point> points;
  points.reserve(view.frames.size());
  for (const PlacedFrame& frame : view.frames) points.push_back(own_point(view, view.frames.front(), frame));
  return points;
}

double own_jitter(const LineView& view, double limit_us) {
  double sum = 0, squares = 0, count = 0;
  for (std::size_t i = 1; i < view.frames.size(); ++i) {
    if (view.frames[i].pulse - view.frames[i - 1].pulse != 1) continue;
    const double step = to_us(view.frames[i].stamp - view.frames[i - 1].stamp - view.line->period());
    if (std::abs(step) > limit_us) continue;
    sum += step;
    squares += step * step;
    ++count;
  }
  return count == 0 ? 0 : std::sqrt(std::max(0.0, squares / count - (sum / count) * (sum / count)) / 2);
}

Missing missing_frames(const LineView& view) {
  // Over the line, not view.frames: a frame that is there, though not quite in its place, is not missing.
  Missing missing;
  const std::vector<NumberedFrame>& all = view.line->frames();
  const NumberedFrame* before = nullptr;
  for (std::size_t i = 0; i < view.line->jump().value_or(all.size()); ++i) {
    if (!on_a_pulse(all[i])) continue;
    const std::int64_t hole = before ? all[i].number - before->number - 1 : 0;
    if (hole > 0) {
      ++missing.gaps;
      missing.frames += static_cast<std::uint64_t>(hole);
      if (missing.listed.size() < kMaxListed)
        missing.listed.push_back(
            {before->number + 1 + view.shift, static_cast<std::uint64_t>(hole), device_time(before->stamp)});
    }
    before = &all[i];
  }
  return missing;
}

void add_missing_ends(const LineView& view, const LineView& other, Missing& missing) {
  if (view.empty() || other.empty() || view.line->jump() || other.line->jump()) return;
  const Span own = span_of(view), whole = span_of(other);
  const std::int64_t late = own.first.pulse - whole.first.pulse;
  const std::int64_t early = whole.last.pulse - own.last.pulse;
  if (late > kStartUp) {
    const Gap gap{whole.first.pulse, static_cast<std::uint64_t>(late), device_time(whole.first.stamp)};
    missing.listed.insert(missing.listed.begin(), gap);
    if (missing.listed.size() > kMaxListed) missing.listed.pop_back();
    add(gap, missing);
  }
  if (early > kStartUp) {
    const Gap gap{own.last.pulse + 1, static_cast<std::uint64_t>(early), device_time(own.last.stamp)};
    if (missing.listed.size() < kMaxListed) missing.listed.push_back(gap);
    add(gap, missing);
  }
}

}  // namespace genlock::sync
