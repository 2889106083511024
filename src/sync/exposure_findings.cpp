#include <fmt/core.h>

#include "sync/findings.h"

namespace genlock::sync {

void judge_exposures(const UnitData& unit, const LineView& color, Findings& out) {
  const ExposureLog& log = unit.exposures;
  if (log.changes() == 0) return;
  const ExposureLog::Step& first = log.first();
  Finding finding{
      .code = Code::exposure_changed,
      .severity = Severity::warning,
      .unit = color.unit,
      .stream = Stream::color,
      .at = first.at,
      .count = log.changes(),
      .text = fmt::format(
          "{} color: its exposure changed {} within the take, first at {} from {} to {} µs{}: each change "
          "may "
          "move the unit's frames. Set exposures by hand before recording, and leave them.",
          unit.description.name, log.changes() == 1 ? "once" : fmt::format("{} times", log.changes()),
          in_seconds(first.at), count_us(first.from), count_us(first.to),
          log.changes() == 1
              ? ""
              : fmt::format(", {} to {} µs in all", count_us(log.least()), count_us(log.most())))};
  if (!color.empty()) finding.pulse = pulse_at(color, fine_time(first.at));
  out.push_back(std::move(finding));
}

Finding exposure_finding(const UnitDescription& unit, std::size_t index, const ExposureLog::Step& step) {
  return {
      .code = Code::exposure_changed,
      .severity = Severity::warning,
      .unit = index,
      .stream = Stream::color,
      .at = step.at,
      .text = fmt::format("{} color: its exposure changed at {} from {} to {} µs: each change may move the "
                          "unit's frames. Set exposures by hand before recording, and leave them.",
                          unit.name, in_seconds(step.at), count_us(step.from), count_us(step.to))};
}

}  // namespace genlock::sync
