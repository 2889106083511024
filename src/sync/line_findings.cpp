#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sync/findings.h"

namespace genlock::sync {
namespace {

struct Subject {
  const UnitData& unit;
  const LineView& view;
  Findings& out;

  std::string name() const { return fmt::format("{} {}", unit.description.name, to_string(view.stream)); }

  void add(Code code, Severity severity, const NumberedFrame& frame, std::uint64_t count,
           std::string text) const {
    out.push_back({.code = code,
                   .severity = severity,
                   .unit = view.unit,
                   .stream = view.stream,
                   .at = device_time(frame.stamp),
                   .pulse = frame.number + view.shift,
                   .count = count,
                   .text = std::move(text)});
  }
};

// Two are a false start or a mishap; more are a habit, if they are this share of all.
constexpr std::size_t kFewOutliers = 2;
constexpr double kMostOutliers = 0.03;

std::string frames_word(std::uint64_t count) {
  return count == 1 ? "1 frame" : fmt::format("{} frames", count);
}

const NumberedFrame* first_at(const LineView& view, Place place) {
  const auto& frames = view.line->frames();
  const auto found = std::ranges::find(frames, place, &NumberedFrame::place);
  return found == frames.end() ? nullptr : &*found;
}

void judge_missing(const Subject& s, const StreamReport& stream) {
  if (stream.missing == 0) return;
  const Gap& gap = stream.gaps.front();
  s.out.push_back({.code = Code::missing_frames,
                   .severity = Severity::warning,
                   .unit = s.view.unit,
                   .stream = s.view.stream,
                   .at = gap.after,
                   .pulse = gap.first_pulse,
                   .count = stream.missing,
                   .text = fmt::format(
                       "{}: {} missing, first at pulse {} after {}. If it goes on, look at the unit's USB "
                       "port and the disk.",
                       s.name(), frames_word(stream.missing), gap.first_pulse, in_seconds(gap.after))});
}

void judge_duplicates(const Subject& s, const StreamReport& stream) {
  const NumberedFrame* first = first_at(s.view, Place::duplicate);
  if (!first) return;
  s.add(
      Code::duplicate_frames, Severity::warning, *first, stream.duplicates,
      fmt::format("{}: {} of a pulse that has a frame already, first at {}. Only the first of each is used.",
                  s.name(), frames_word(stream.duplicates), in_seconds(device_time(first->stamp))));
}

// The first outlier of a second in which they are half of the frames or more.
std::optional<std::size_t> thick_outliers(const LineView& view) {
  const std::vector<NumberedFrame>& all = view.line->frames();
  const FineDuration second = device_us(1'000'000);
  const auto pulses = static_cast<std::size_t>(std::llround(1e6 / to_us(view.line->period())));
  std::size_t end = 0, behind = 0;
  for (std::size_t i = 0; i < view.outliers.size(); ++i) {
    const std::size_t begin = view.outliers[i];
    end = std::max(end, begin);
    while (end < all.size() && all[end].stamp < all[begin].stamp + second) ++end;
    while (behind < view.outliers.size() && view.outliers[behind] < end) ++behind;
    const std::size_t frames = end < all.size() ? end - begin : std::max(end - begin, pulses);
    if (behind - i > kFewOutliers && 2 * (behind - i) >= frames) return begin;
  }
  return std::nullopt;
}

void judge_outliers(const Subject& s) {
  const std::size_t count = s.view.outliers.size();
  if (count == 0) return;
  const std::size_t all = count + s.view.frames.size();
  const bool many =
      count > kFewOutliers && static_cast<double>(count) > kMostOutliers * static_cast<double>(all);
  const std::optional<std::size_t> thick = thick_outliers(s.view);
  const NumberedFrame& first = s.view.line->frames()[thick.value_or(s.view.outliers.front())];
  const std::string found = fmt::format("{}: {} of {} stamped beside the others' course, {} at {} (pulse {})",
                                        s.name(), frames_word(count), all, thick ? "most densely" : "first",
                                        in_seconds(device_time(first.stamp)), first.number + s.view.shift);
  s.add(Code::outlier, many || thick ? Severity::failure : Severity::warning, first, count,
        found + (many || thick ? ". That is no single mishap: the unit does not keep to the pulse."
                               : ". They are left out of the figures."));
}

void judge_off_pulse(const Subject& s, const StreamReport& stream) {
  const NumberedFrame* first = first_at(s.view, Place::off_pulse);
  if (!first) return;
  s.add(Code::off_pulse, Severity::failure, *first, stream.off_pulse,
        fmt::format("{}: {} a quarter of a period or more off every pulse, first at {}. Do not use them.",
                    s.name(), frames_word(stream.off_pulse), in_seconds(device_time(first->stamp))));
}

void judge_jump(const Subject& s) {
  const std::optional<std::size_t> jump = s.view.line->jump();
  if (!jump) return;
  const NumberedFrame& frame = s.view.line->frames()[*jump];
  s.add(Code::clock_jump, Severity::failure, frame, s.view.line->frames().size() - *jump,
        fmt::format("{}: its clock jumped to {} in the middle of the recording: the unit was restarted or "
                    "set its clock. "
                    "Nothing after that is compared. Restart all units, subordinates first, master last.",
                    s.name(), in_seconds(device_time(frame.stamp))));
}

void judge_impossible(const Subject& s) {
  if (s.unit.impossible_stamps == 0) return;
  s.out.push_back({.code = Code::off_pulse,
                   .severity = Severity::failure,
                   .unit = s.view.unit,
                   .count = s.unit.impossible_stamps,
                   .text = fmt::format("{}: {} with stamps that no clock shows. The file is damaged.",
                                       s.unit.description.name, frames_word(s.unit.impossible_stamps))});
}

// From when on `plugged` says no, and until when.
struct Unplugged {
  DeviceTime from;
  std::optional<DeviceTime> until;
};

std::optional<Unplugged> unplugged(const std::vector<JackObservation>& sorted,
                                   std::optional<bool> SyncJacks::*jack, bool must_have_been_in) {
  std::optional<Unplugged> found;
  bool was_in = !must_have_been_in;
  for (const JackObservation& o : sorted) {
    const std::optional<bool> in = o.jacks.*jack;
    if (!in) continue;
    if (!found && !*in && was_in) found = {o.device, {}};
    if (found && !found->until && *in) found->until = o.device;
    was_in = was_in || *in;
  }
  return found;
}

std::string back_in(const Unplugged& u) {
  return u.until ? fmt::format(" (back at {})", in_seconds(*u.until)) : "";
}

void add_lost(Findings& out, std::size_t unit, DeviceTime at, std::string text) {
  out.push_back({.code = Code::lost_lock,
                 .severity = Severity::failure,
                 .unit = unit,
                 .at = at,
                 .text = std::move(text)});
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
  const Subject s{unit, view, out};
  if (stream.frames == 0) {
    out.push_back({.code = Code::no_frames,
                   .severity = Severity::failure,
                   .unit = view.unit,
                   .stream = view.stream,
                   .count = 0,
                   .text = fmt::format("{}: no frames. {}", s.name(), why_none(unit))});
    return;
  }
  judge_missing(s, stream);
  judge_duplicates(s, stream);
  judge_outliers(s);
  judge_off_pulse(s, stream);
  judge_jump(s);
  const bool told_before = view.stream == Stream::depth && unit.description.color;
  if (!told_before) judge_impossible(s);
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

std::optional<DeviceTime> judge_jacks(const UnitData& unit, std::size_t index, Findings& out) {
  std::vector<JackObservation> sorted = unit.jacks;
  std::ranges::stable_sort(sorted, {}, &JackObservation::device);
  const bool subordinate = unit.description.sync_mode == WiredSyncMode::subordinate;
  const std::optional<Unplugged> in = subordinate ? unplugged(sorted, &SyncJacks::in, false) : std::nullopt;
  if (in)
    add_lost(
        out, index, in->from,
        fmt::format(
            "{}: nothing is plugged into its SYNC IN from {} on{}: it ran free from there. Fix the cable and "
            "record again.",
            unit.description.name, in_seconds(in->from), back_in(*in)));
  if (const auto lost = unplugged(sorted, &SyncJacks::out, true))
    add_lost(out, index, lost->from,
             fmt::format("{}: the plug in its SYNC OUT was pulled at {}{}: the units behind it ran free from "
                         "there. Fix the "
                         "cable and record again.",
                         unit.description.name, in_seconds(lost->from), back_in(*lost)));
  return in ? std::optional(in->from) : std::nullopt;
}

}  // namespace genlock::sync
