#include "rig/take_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/notices.h"

namespace genlock::rig {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReasonsTold = 4;

using Reasons = std::vector<std::string>;

std::string counted_frames(std::uint64_t frames) {
  return fmt::format("{} frame{}", frames, frames == 1 ? "" : "s");
}

void tell_lost(const take::TakenUnit& unit, const take::StreamTally& tally, Reasons& out) {
  if (tally.refused > 0)
    out.push_back(fmt::format(
        "{}: this host lost {} of {}, the disk or the host is too slow", unit.name,
        tally.stream == "imu" ? fmt::format("{} samples", tally.refused) : counted_frames(tally.refused),
        tally.stream));
  if (tally.stream == "imu" && tally.recorded > 0 && tally.missing > 0)
    out.push_back(fmt::format("{}: {} samples of imu missing", unit.name, tally.missing));
  if (tally.recorded == 0) out.push_back(fmt::format("{}: nothing came of {}", unit.name, tally.stream));
}

const std::string& name_of(const sync::Report& report, std::size_t unit) {
  return report.units[unit].description.name;
}

/// Whether a unit of this host was told to lose depth images for want of a faster GPU.
bool gpu_lags(const take::Take& take, const std::string& host) {
  return std::ranges::any_of(take.incidents, [&](const take::Incident& incident) {
    return incident.unit && *incident.unit < take.units.size() && take.units[*incident.unit].host == host &&
           (incident.text.ends_with(device::kEngineTooSlow) ||
            incident.text.ends_with(device::kEngineDropsFrames));
  });
}

void tell_holes(const take::Take& take, const take::JudgedTake& judged, const take::TakenUnit& unit,
                Reasons& out) {
  for (const take::Holes& holes : judged.holes) {
    if (name_of(judged.report, holes.unit) != unit.name) continue;
    const bool lags = holes.stream == sync::Stream::depth && gpu_lags(take, unit.host);
    out.push_back(fmt::format("{}: {} of {} missing from pulse {} on{}", unit.name,
                              counted_frames(holes.frames), to_string(holes.stream), holes.first,
                              lags ? ", this host's GPU does not keep up" : ""));
  }
}

/// Where a lost unit's frames end is in its error, and its holes are no further reason.
void tell_unit(const take::Take& take, std::size_t index, const Result<take::JudgedTake>& judged,
               Reasons& out) {
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
  if (judged) tell_holes(take, *judged, unit, out);
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

void tell_finding(const sync::Report& report, const sync::Finding& finding, std::optional<std::int64_t> pulse,
                  Reasons& out) {
  const std::string unit = finding.unit ? name_of(report, *finding.unit) + ": " : std::string();
  const std::string where = pulse ? fmt::format(" from pulse {} on", *pulse) : "";
  const std::string reason = unit + words_of(finding.code) + where;
  if (std::ranges::find(out, reason) == out.end()) out.push_back(reason);
}

/// The last pulse of a master that was lost.
std::optional<std::int64_t> master_lost_after(const take::Take& take) {
  for (const take::Incident& incident : take.incidents) {
    if (!incident.unit || *incident.unit >= take.units.size()) continue;
    const take::TakenUnit& unit = take.units[*incident.unit];
    const bool lost = !unit.error.empty() && incident.text == unit.error;
    if (lost && unit.role == WiredSyncMode::master) return incident.pulse;
  }
  return std::nullopt;
}

/// What a subordinate shows behind the loss of its master began with that, whenever it shows.
bool follows_loss(const sync::Report& report, const sync::Finding& finding, std::optional<std::int64_t> pulse,
                  std::optional<std::int64_t> lost) {
  return lost && pulse > lost && finding.unit &&
         report.units[*finding.unit].description.sync_mode == WiredSyncMode::subordinate;
}

void tell_sync(const take::Take& take, const sync::Report& report, Reasons& out) {
  if (report.verdict == sync::Verdict::in_sync) return;
  const auto lost = master_lost_after(take);
  for (const sync::Finding& finding : report.findings) {
    if (finding.severity != sync::Severity::failure) continue;
    const auto pulse = pulse_of(finding, take);
    if (!follows_loss(report, finding, pulse, lost)) {
      tell_finding(report, finding, pulse, out);
      continue;
    }
    const std::string reason =
        fmt::format("{}: without a master from pulse {} on", name_of(report, *finding.unit), *lost + 1);
    if (std::ranges::find(out, reason) == out.end()) out.push_back(reason);
  }
  if (out.empty()) out.push_back("not in sync");
}

/// What leaves a take whole and in sync, but may spoil its use. Single stamps that stick out do not, and that
/// a unit has a zero of its own was said by the plan.
Reasons remarks_on(const sync::Report& report) {
  Reasons remarks;
  for (const sync::Finding& finding : report.findings)
    if (finding.severity == sync::Severity::warning && finding.code != sync::Code::outlier &&
        finding.code != sync::Code::own_zero)
      tell_finding(report, finding, finding.pulse, remarks);
  return remarks;
}

std::string listed(const Reasons& reasons) {
  std::string text;
  for (std::size_t i = 0; i < std::min(reasons.size(), kReasonsTold); ++i)
    text += (i == 0 ? "" : "; ") + reasons[i];
  if (reasons.size() > kReasonsTold) text += fmt::format("; and {} more", reasons.size() - kReasonsTold);
  return text;
}

/// The first recording of each unit that has one.
take::TakeSource recordings_of(const fs::path& folder, const take::Take& take) {
  take::TakeSource source;
  for (const take::TakenUnit& unit : take.units) {
    if (unit.files.empty()) continue;
    source.files.push_back(folder / unit.files.front().name);
    source.names.push_back(unit.name);
  }
  return source;
}

}  // namespace

Result<take::JudgedTake> judge_recorded(const fs::path& folder, const take::Take& take, const Rig& rig) {
  take::JudgeOptions options{.fed_by = feeders(rig)};
  if (take.first_pulse && take.last_pulse) options.pulses = {*take.first_pulse, *take.last_pulse};
  return take::judge_take(recordings_of(folder, take), options);
}

std::string advise(const take::Take& take, const Result<take::JudgedTake>& judged) {
  Reasons reasons;
  for (std::size_t unit = 0; unit < take.units.size(); ++unit) tell_unit(take, unit, judged, reasons);
  if (judged)
    tell_sync(take, judged->report, reasons);
  else
    reasons.push_back(judged.error().message());
  if (!reasons.empty()) return "RETAKE: " + listed(reasons);
  const Reasons remarks = remarks_on(judged->report);
  return remarks.empty() ? "KEEP" : "KEEP, but look at " + listed(remarks);
}

}  // namespace genlock::rig
