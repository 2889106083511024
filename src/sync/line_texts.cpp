#include "sync/line_texts.h"

#include <fmt/core.h>

namespace genlock::sync {
namespace {

std::string frames_word(std::uint64_t count) {
  return count == 1 ? "1 frame" : fmt::format("{} frames", count);
}

Finding about(const LineName& line, Code code, Severity severity, const Occurrence& found, std::string text) {
  return {.code = code,
          .severity = severity,
          .unit = line.index,
          .stream = line.stream,
          .at = found.at,
          .pulse = found.pulse,
          .count = found.count,
          .text = std::move(text)};
}

/// `what` is so with the plug, and `who` ran free.
Finding lost_plug(const UnitDescription& unit, std::size_t index, DeviceTime at,
                  std::optional<DeviceTime> until, const std::string& what, std::string_view who) {
  const std::string back = until ? fmt::format(" (back at {})", in_seconds(*until)) : "";
  return {.code = Code::lost_lock,
          .severity = Severity::failure,
          .unit = index,
          .at = at,
          .text = fmt::format("{}: {}{}: {} ran free from there. Fix the cable and record again.", unit.name,
                              what, back, who)};
}

}  // namespace

std::string in_seconds(DeviceTime t) {
  return fmt::format("{:.3f} s", static_cast<double>(count_us(t)) * 1e-6);
}

std::string LineName::text() const {
  return fmt::format("{} {}", unit->name, to_string(stream));
}

Finding missing_finding(const LineName& line, const Gap& first, std::uint64_t frames) {
  return about(
      line, Code::missing_frames, Severity::warning, {first.after, first.first_pulse, frames},
      fmt::format("{}: {} missing, first at pulse {} after {}. If it goes on, look at the unit's USB "
                  "port, and at whether this host and its disk keep up.",
                  line.text(), frames_word(frames), first.first_pulse, in_seconds(first.after)));
}

Finding duplicate_finding(const LineName& line, const Occurrence& found) {
  return about(
      line, Code::duplicate_frames, Severity::warning, found,
      fmt::format("{}: {} of a pulse that has a frame already, first at {}. Only the first of each is used.",
                  line.text(), frames_word(found.count), in_seconds(found.at)));
}

Finding off_pulse_finding(const LineName& line, const Occurrence& found) {
  return about(
      line, Code::off_pulse, Severity::failure, found,
      fmt::format("{}: {} a quarter of a period or more off every pulse, first at {}. Do not use them.",
                  line.text(), frames_word(found.count), in_seconds(found.at)));
}

Finding clock_jump_finding(const LineName& line, const Occurrence& found) {
  return about(
      line, Code::clock_jump, Severity::failure, found,
      fmt::format("{}: its clock jumped to {} in the middle of the recording: the unit was restarted "
                  "or set its clock. Nothing after that is compared. Restart all units, subordinates "
                  "first, master last.",
                  line.text(), in_seconds(found.at)));
}

Finding impossible_finding(const UnitDescription& unit, std::size_t index, std::uint64_t frames) {
  return {.code = Code::off_pulse,
          .severity = Severity::failure,
          .unit = index,
          .count = frames,
          .text = fmt::format("{}: {} with stamps that no clock shows. The file is damaged.", unit.name,
                              frames_word(frames))};
}

Finding outlier_finding(const LineName& line, const Occurrence& found, std::uint64_t all, OutlierKind kind) {
  const bool fails = kind != OutlierKind::few;
  return about(
      line, Code::outlier, fails ? Severity::failure : Severity::warning, found,
      fmt::format("{}: {} of {} stamped beside the others' course, {} at {} (pulse {}){}", line.text(),
                  frames_word(found.count), all, kind == OutlierKind::dense ? "most densely" : "first",
                  in_seconds(found.at), found.pulse,
                  fails ? ". That is no single mishap: the unit does not keep to the pulse."
                        : ". They are left out of the figures."));
}

Finding sync_in_pulled_finding(const UnitDescription& unit, std::size_t index, DeviceTime from,
                               std::optional<DeviceTime> until) {
  return lost_plug(unit, index, from, until,
                   fmt::format("nothing is plugged into its SYNC IN from {} on", in_seconds(from)), "it");
}

Finding hangs_behind_finding(const UnitDescription& unit, std::size_t index, const UnitDescription& before,
                             SyncJack jack, DeviceTime from, std::optional<DeviceTime> until) {
  return lost_plug(unit, index, from, until,
                   fmt::format("hangs behind {}, whose SYNC {} is empty from {} on", before.name,
                               jack == SyncJack::in ? "IN" : "OUT", in_seconds(from)),
                   "it");
}

Finding sync_out_pulled_finding(const UnitDescription& unit, std::size_t index, DeviceTime from,
                                std::optional<DeviceTime> until) {
  return lost_plug(unit, index, from, until,
                   fmt::format("the plug in its SYNC OUT was pulled at {}", in_seconds(from)),
                   "the units behind it");
}

}  // namespace genlock::sync
