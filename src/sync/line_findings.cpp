#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sync/dense_outliers.h"
#include "sync/findings.h"
#include "sync/jack_watch.h"
#include "sync/line_texts.h"

namespace genlock::sync {
namespace {

// More outliers than this share of all frames are no mishaps.
constexpr double kMostOutliers = 0.03;

Occurrence occurrence(const LineView& view, const NumberedFrame& first, std::uint64_t count) {
  return {device_time(first.stamp), first.number + view.shift, count};
}

const NumberedFrame* first_at(const LineView& view, Place place) {
  const auto& frames = view.line->frames();
  const auto found = std::ranges::find(frames, place, &NumberedFrame::place);
  return found == frames.end() ? nullptr : &*found;
}

// The first outlier of a second in which they are half of the frames or more.
std::optional<NumberedFrame> dense_outliers(const LineView& view) {
  const std::vector<NumberedFrame>& all = view.line->frames();
  DenseOutliers dense(view.line->period());
  auto outlier = view.outliers.begin();
  std::optional<NumberedFrame> first;
  for (std::size_t i = 0; i < view.line->jump().value_or(all.size()) && !first; ++i) {
    const bool is_outlier = outlier != view.outliers.end() && *outlier == i;
    first = dense.add(all[i], is_outlier);
    if (is_outlier) ++outlier;
  }
  return first ? first : dense.end();
}

void judge_outliers(const LineName& name, const LineView& view, Findings& out) {
  const std::size_t count = view.outliers.size();
  if (count == 0) return;
  const std::size_t all = count + view.frames.size();
  const bool many =
      count > kFewOutliers && static_cast<double>(count) > kMostOutliers * static_cast<double>(all);
  const std::optional<NumberedFrame> dense = dense_outliers(view);
  const NumberedFrame first = dense.value_or(view.line->frames()[view.outliers.front()]);
  const OutlierKind kind = dense ? OutlierKind::dense : many ? OutlierKind::many : OutlierKind::few;
  out.push_back(outlier_finding(name, occurrence(view, first, count), all, kind));
}

struct LostPlugs {
  std::vector<Unplugged> in, out;
};

LostPlugs lost_plugs(const UnitData& unit) {
  std::vector<JackObservation> sorted = unit.jacks;
  std::ranges::stable_sort(sorted, {}, &JackObservation::device);
  JackWatch in(&SyncJacks::in, false), lost_out(&SyncJacks::out, true);
  for (const JackObservation& o : sorted) {
    if (unit.description.sync_mode == WiredSyncMode::subordinate) in.add(o);
    lost_out.add(o);
  }
  return {in.unplugged(), lost_out.unplugged()};
}

std::optional<std::size_t> feeder(const std::vector<UnitData>& units, std::size_t unit) {
  const std::optional<std::size_t> before = units[unit].description.fed_by;
  return before && *before < units.size() && *before != unit ? before : std::nullopt;
}

/// Of the nearest unit before it that lost a plug. Clocks of a take differ by ppm, so its times are the
/// unit's.
void judge_plugs_before(const std::vector<UnitData>& units, std::size_t index, std::vector<DeviceTime>& times,
                        Findings& out) {
  std::optional<std::size_t> before = feeder(units, index);
  for (std::size_t steps = 0; before && steps < units.size(); ++steps) {
    const LostPlugs lost = lost_plugs(units[*before]);
    const auto tell = [&](const std::vector<Unplugged>& plugs, SyncJack jack) {
      for (const Unplugged& u : plugs) {
        times.push_back(u.from);
        out.push_back(hangs_behind_finding(units[index].description, index, units[*before].description, jack,
                                           u.from, u.until));
      }
    };
    tell(lost.in, SyncJack::in);
    tell(lost.out, SyncJack::out);
    if (!lost.in.empty() || !lost.out.empty()) return;
    before = feeder(units, *before);
  }
}

const char* why_none(const UnitData& unit) {
  return unit.description.sync_mode == WiredSyncMode::subordinate
             ? "A subordinate without pulses gives none: was the master started within 60 s, and is the "
               "cable in "
               "SYNC IN?"
             : "The camera delivered none, or they were not written: look at the unit's power and USB port, "
               "and "
               "record again.";
}

}  // namespace

void judge_line(const UnitData& unit, const LineView& view, const StreamReport& stream, Findings& out) {
  const LineName name{&unit.description, view.unit, view.stream};
  if (stream.frames == 0) {
    out.push_back({.code = Code::no_frames,
                   .severity = Severity::failure,
                   .unit = view.unit,
                   .stream = view.stream,
                   .count = 0,
                   .text = fmt::format("{}: no frames. {}", name.text(), why_none(unit))});
    return;
  }
  if (stream.missing > 0) out.push_back(missing_finding(name, stream.gaps.front(), stream.missing));
  if (const NumberedFrame* first = first_at(view, Place::duplicate))
    out.push_back(duplicate_finding(name, occurrence(view, *first, stream.duplicates)));
  judge_outliers(name, view, out);
  if (const NumberedFrame* first = first_at(view, Place::off_pulse))
    out.push_back(off_pulse_finding(name, occurrence(view, *first, stream.off_pulse)));
  const std::vector<NumberedFrame>& all = view.line->frames();
  if (const std::optional<std::size_t> jump = view.line->jump())
    out.push_back(clock_jump_finding(name, occurrence(view, all[*jump], all.size() - *jump)));
  const bool told_before = view.stream == Stream::depth && unit.description.color;
  if (unit.impossible_stamps > 0 && !told_before)
    out.push_back(impossible_finding(unit.description, view.unit, unit.impossible_stamps));
}

void judge_no_streams(const UnitData& unit, std::size_t index, Findings& out) {
  out.push_back({.code = Code::no_frames,
                 .severity = Severity::failure,
                 .unit = index,
                 .count = 0,
                 .text = fmt::format("{}: it has neither colour nor depth, so nothing of it can be compared. "
                                     "Leave it out, or record with a camera on.",
                                     unit.description.name)});
}

std::vector<DeviceTime> judge_jacks(const std::vector<UnitData>& units, std::size_t index, Findings& out) {
  const UnitDescription& unit = units[index].description;
  const LostPlugs own = lost_plugs(units[index]);
  std::vector<DeviceTime> times;
  for (const Unplugged& u : own.in) {
    times.push_back(u.from);
    out.push_back(sync_in_pulled_finding(unit, index, u.from, u.until));
  }
  for (const Unplugged& u : own.out) out.push_back(sync_out_pulled_finding(unit, index, u.from, u.until));
  if (own.in.empty()) judge_plugs_before(units, index, times, out);
  return times;
}

bool hangs_behind(const std::vector<UnitData>& units, std::size_t unit, std::size_t other) {
  std::optional<std::size_t> before = feeder(units, unit);
  for (std::size_t steps = 0; before && steps < units.size(); ++steps) {
    if (*before == other) return true;
    before = feeder(units, *before);
  }
  return false;
}

}  // namespace genlock::sync
