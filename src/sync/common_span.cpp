#include "sync/common_span.h"

#include <algorithm>
#include <limits>

namespace genlock::sync {
namespace {

/// Walks along a line and tells whether it has a pulse; the pulses asked for must rise.
class Walker {
 public:
  explicit Walker(const LineView& view) : view_(&view) {}

  bool has(std::int64_t pulse) {
    while (next_ < view_->frames.size() && view_->frames[next_].pulse < pulse) ++next_;
    return next_ < view_->frames.size() && view_->frames[next_].pulse == pulse;
  }

 private:
  const LineView* view_;
  std::size_t next_ = 0;
};

bool all_have(std::vector<Walker>& walkers, std::int64_t pulse) {
  return std::ranges::all_of(walkers, [&](Walker& w) { return w.has(pulse); });
}

std::uint64_t count_alone(const LineView& view, const std::vector<UnitLines>& units, const CommonSpan& span) {
  std::vector<Walker> others;
  for (const UnitLines& u : units)
    if (u.unit != view.unit) others.emplace_back(*u.primary);
  return static_cast<std::uint64_t>(std::ranges::count_if(view.frames, [&](const PlacedFrame& f) {
    return f.pulse >= span.first_pulse && f.pulse <= span.last_pulse && !all_have(others, f.pulse);
  }));
}

std::uint64_t count_sets(const std::vector<UnitLines>& units, const LineView& reference,
                         const CommonSpan& span) {
  std::vector<Walker> all;
  for (const UnitLines& u : units)
    for (const LineView& line : *u.lines) all.emplace_back(line);
  return static_cast<std::uint64_t>(std::ranges::count_if(reference.frames, [&](const PlacedFrame& f) {
    return f.pulse >= span.first_pulse && f.pulse <= span.last_pulse && all_have(all, f.pulse);
  }));
}

DeviceTime stamp_of(const LineView& view, std::int64_t pulse) {
  const auto at = std::ranges::lower_bound(view.frames, pulse, {}, &PlacedFrame::pulse);
  return device_time(at == view.frames.end() ? view.frames.back().stamp : at->stamp);
}

void report_unit(const UnitLines& lines, const std::vector<UnitLines>& units, const CommonSpan& span,
                 UnitReport& unit) {
  for (const PlacedFrame& f : lines.primary->frames) {
    unit.before_common += f.pulse < span.first_pulse;
    unit.after_common += f.pulse > span.last_pulse;
  }
  for (std::size_t s = 0; s < unit.streams.size(); ++s)
    unit.streams[s].alone = count_alone((*lines.lines)[s], units, span);
}

}  // namespace

void report_common(const std::vector<UnitLines>& units, std::size_t reference, Report& report) {
  if (units.size() < 2) return;
  report.compared = true;
  CommonSpan span{.first_pulse = std::numeric_limits<std::int64_t>::min(),
                  .last_pulse = std::numeric_limits<std::int64_t>::max(),
                  .from = {},
                  .to = {},
                  .complete_sets = 0};
  for (const UnitLines& u : units) {
    span.first_pulse = std::max(span.first_pulse, u.primary->frames.front().pulse);
    span.last_pulse = std::min(span.last_pulse, u.primary->frames.back().pulse);
  }
  if (span.first_pulse > span.last_pulse) {
    report.findings.push_back(
        {.code = Code::no_common_pulse,
         .severity = Severity::failure,
         .text = "There is no pulse that all units cover: one ended before another began."});
    return;
  }
  const auto of_reference = std::ranges::find(units, reference, &UnitLines::unit);
  span.from = stamp_of(*of_reference->primary, span.first_pulse);
  span.to = stamp_of(*of_reference->primary, span.last_pulse);
  span.complete_sets = count_sets(units, *of_reference->primary, span);
  report.common = span;
  for (const UnitLines& u : units) report_unit(u, units, span, report.units[u.unit]);
}

}  // namespace genlock::sync
