#include "rig/take_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "recording/reader.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;
using recording::TrackKind;

constexpr std::size_t kReasonsTold = 4;

using Reasons = std::vector<std::string>;

Holes holes_in(const std::vector<recording::FrameEntry>& frames, TrackKind track, std::int64_t first,
               std::int64_t last) {
  std::vector<bool> there(static_cast<std::size_t>(last - first + 1));
  for (const recording::FrameEntry& frame : frames)
    if (frame.track == track && frame.pulse && *frame.pulse >= first && *frame.pulse <= last)
      there[static_cast<std::size_t>(*frame.pulse - first)] = true;
  const auto missing = std::find(there.begin(), there.end(), false);
  return {.stream = track == TrackKind::color ? sync::Stream::color : sync::Stream::depth,
          .frames = static_cast<std::uint64_t>(std::count(there.begin(), there.end(), false)),
          .first = first + (missing - there.begin())};
}

std::string counted_frames(std::uint64_t frames) {
  return fmt::format("{} frame{}", frames, frames == 1 ? "" : "s");
}

void tell_lost(const take::TakenUnit& unit, const take::StreamTally& tally, Reasons& out) {
  if (tally.refused > 0)
    out.push_back(fmt::format(
        "{}: this host lost {} of {}, the disk or the host is too slow", unit.name,
        tally.stream == "imu" ? fmt::format("{} samples", tally.refused) : counted_frames(tally.refused),
        tally.stream));
  if (tally.recorded == 0) out.push_back(fmt::format("{}: nothing came of {}", unit.name, tally.stream));
}

void tell_holes(const fs::path& folder, const take::Take& take, const take::TakenUnit& unit, Reasons& out) {
  const auto holes = holes_of(folder / unit.files.front().name, *take.first_pulse, *take.last_pulse);
  if (!holes) return out.push_back(fmt::format("{}: {}", unit.name, holes.error().message()));
  for (const Holes& hole : *holes)
    out.push_back(fmt::format("{}: {} of {} missing from pulse {} on", unit.name, counted_frames(hole.frames),
                              to_string(hole.stream), hole.first));
}

/// Where a lost unit's frames end is in its error, and its holes are no further reason.
void tell_unit(const fs::path& folder, const take::Take& take, std::size_t index, Reasons& out) {
  const take::TakenUnit& unit = take.units[index];
  for (const take::StreamTally& tally : unit.streams)
    if (unit.error.empty()) tell_lost(unit, tally, out);
  if (!unit.error.empty()) {
    const auto told = std::ranges::find_if(take.incidents, [&](const take::Incident& incident) {
      return incident.unit == index && incident.text == unit.error;
    });
    const bool known = told != take.incidents.end() && told->pulse;
    return out.push_back(known ? fmt::format("{} was lost after pulse {}", unit.name, *told->pulse)
                               : fmt::format("{} was lost before its first frame", unit.name));
  }
  if (unit.files.empty()) return out.push_back(fmt::format("{} has no recording", unit.name));
  if (take.first_pulse && take.last_pulse) tell_holes(folder, take, unit, out);
}

std::string words_of(sync::Code code) {
  std::string words(to_string(code));
  std::ranges::replace(words, '_', ' ');
  return words;
}

/// Where the finding begins; of one that only has a time, where the recorder saw it.
std::optional<std::int64_t> pulse_of(const sync::Finding& finding, const take::Take& take) {
  if (finding.pulse) return finding.pulse;
  for (const take::Incident& incident : take.incidents)
    if (incident.unit == finding.unit && incident.severity == to_string(sync::Severity::failure))
      return incident.pulse;
  return std::nullopt;
}

void tell_sync(const take::Take& take, const Result<sync::Report>& report, Reasons& out) {
  if (!report) return out.push_back(report.error().message());
  if (report->verdict == sync::Verdict::in_sync) return;
  for (const sync::Finding& finding : report->findings) {
    if (finding.severity != sync::Severity::failure) continue;
    const std::string unit =
        finding.unit ? report->units[*finding.unit].description.name + ": " : std::string();
    const auto pulse = pulse_of(finding, take);
    const std::string where = pulse ? fmt::format(" from pulse {} on", *pulse) : "";
    const std::string reason = unit + words_of(finding.code) + where;
    if (std::ranges::find(out, reason) == out.end()) out.push_back(reason);
  }
  if (out.empty()) out.push_back("not in sync");
}

}  // namespace

Result<std::vector<Holes>> holes_of(const fs::path& file, std::int64_t first, std::int64_t last) {
  std::vector<Holes> found;
  if (last < first) return found;
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open_recording(file));
  const auto survey = reader->survey();
  if (!survey) return survey.error().context(file.string());
  const recording::RecordingInfo& info = reader->info();
  std::vector<TrackKind> tracks;
  if (info.color_track) tracks.push_back(TrackKind::color);
  if (info.depth_track || info.ir_track)
    tracks.push_back(info.depth_track ? TrackKind::depth : TrackKind::ir);
  for (const TrackKind track : tracks)
    if (const Holes holes = holes_in(survey->frames, track, first, last); holes.frames > 0)
      found.push_back(holes);
  return found;
}

std::vector<fs::path> recordings_of(const fs::path& folder, const take::Take& take) {
  std::vector<fs::path> files;
  for (const take::TakenUnit& unit : take.units)
    if (!unit.files.empty()) files.push_back(folder / unit.files.front().name);
  return files;
}

std::string advise(const fs::path& folder, const take::Take& take, const Result<sync::Report>& report) {
  Reasons reasons;
  for (std::size_t unit = 0; unit < take.units.size(); ++unit) tell_unit(folder, take, unit, reasons);
  tell_sync(take, report, reasons);
  if (reasons.empty()) return "KEEP";
  std::string text = "RETAKE: ";
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsTold); ++i)
    text += (i == 0 ? "" : "; ") + reasons[i];
  if (reasons.size() > kReasonsTold) text += fmt::format("; and {} more", reasons.size() - kReasonsTold);
  return text;
}

}  // namespace genlock::rig
