#include "sync/numbering.h"

#include <algorithm>
#include <cmath>

namespace genlock::sync {
namespace {

constexpr double kWeekUs = 7 * 86400e6;

FineDuration programmed(DeviceDuration delay) {
  return programmed_ticks(delay);
}

}  // namespace

void set_expected(LineView& view, const UnitDescription& unit) {
  const bool delayed = unit.sync_mode == WiredSyncMode::subordinate;
  if (delayed) view.configured = unit.delay_off_master;
  if (delayed) view.expected = programmed(unit.delay_off_master);
  if (view.stream == Stream::color || !unit.color) return;
  view.configured += unit.depth_delay_off_color;
  view.expected += programmed(unit.depth_delay_off_color);
}

void join_depth(LineView& depth, const LineView& color) {
  const FineDuration begin = color.frames.front().stamp - color.expected;
  auto first =
      std::ranges::find_if(depth.frames, [&](const PlacedFrame& f) { return depth.nominal(f) >= begin; });
  if (first == depth.frames.end()) first = depth.frames.begin();
  shift_pulses(depth, pulse_at(color, depth.nominal(*first) + color.expected) - first->pulse);
  auto at = color.frames.begin();
  for (PlacedFrame& frame : depth.frames) {
    while (std::next(at) != color.frames.end() && std::next(at)->pulse <= frame.pulse) ++at;
    frame.half_exposure_us = at->half_exposure_us;
  }
}

LineView bare_view(std::size_t unit, Stream stream, const UnitData& data) {
  LineView view{.unit = unit,
                .stream = stream,
                .line = &data.line(stream),
                .expected = {},
                .configured = {},
                .frames = {},
                .outliers = {},
                .shift = 0};
  set_expected(view, data.description);
  return view;
}

void number_from_zero(LineView& view) {
  const double pulses = to_us(view.nominal(view.frames.front())) / to_us(view.line->period());
  const bool has_zero = pulses * to_us(view.line->period()) < kWeekUs;
  const std::int64_t first = has_zero ? static_cast<std::int64_t>(std::floor(pulses)) : 0;
  shift_pulses(view, first - view.frames.front().pulse);
}

}  // namespace genlock::sync
