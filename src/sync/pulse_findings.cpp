#include <fmt/core.h>

#include <algorithm>

#include "sync/findings.h"

namespace genlock::sync {
namespace {

/// A frame whose pulse was recorded, and is known here.
struct Counted {
  const NumberedFrame* frame = nullptr;
  std::int64_t ahead = 0;  ///< of the recorder
};

/// Calls `visit` with each, until it says false.
template <class Visit>
void each_counted(const UnitData& unit, const LineView& view, Visit&& visit) {
  const std::vector<NumberedFrame>& frames = view.line->frames();
  const std::vector<std::int64_t>& recorded = unit.recorded_pulses(view.stream);
  const std::size_t end = std::min(recorded.size(), view.line->jump().value_or(frames.size()));
  for (std::size_t i = 0; i < end; ++i)
    if (recorded[i] != kNoPulse && frames[i].place == Place::good &&
        !visit(Counted{&frames[i], recorded[i] - frames[i].number - view.shift}))
      return;
}

}  // namespace

std::optional<std::int64_t> recorder_ahead(const UnitData& unit, const LineView& view) {
  std::optional<std::int64_t> ahead;
  each_counted(unit, view, [&](const Counted& counted) {
    ahead = counted.ahead;
    return false;
  });
  return ahead;
}

void judge_pulse_numbers(const UnitData& unit, const LineView& view, std::int64_t ahead, Severity severity,
                         Findings& out) {
  std::optional<Counted> first;
  std::uint64_t wrong = 0;
  each_counted(unit, view, [&](const Counted& counted) {
    if (counted.ahead == ahead) return true;
    if (!first) first = counted;
    ++wrong;
    return true;
  });
  if (!first) return;
  const DeviceTime at = device_time(first->frame->stamp);
  const std::int64_t pulse = first->frame->number + view.shift;
  out.push_back(
      {.code = Code::pulse_number,
       .severity = severity,
       .unit = view.unit,
       .stream = view.stream,
       .at = at,
       .pulse = pulse,
       .count = wrong,
       .text = fmt::format("{} {}: the recording numbers {} frames otherwise than their stamps, first at {} "
                           "(pulse {} there, {} here). Do not match these frames by their recorded numbers.",
                           unit.description.name, to_string(view.stream), wrong, in_seconds(at),
                           pulse + first->ahead - ahead, pulse)});
}

}  // namespace genlock::sync
