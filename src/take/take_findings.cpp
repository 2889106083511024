#include "take/take_findings.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::take {
namespace {

constexpr std::size_t kProblemsTold = 3;

std::string damage_text(const std::filesystem::path& file, const std::vector<std::string>& problems) {
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsTold); ++i)
    text += (i == 0 ? "" : "; ") + problems[i];
  if (problems.size() > kProblemsTold) text += fmt::format("; and {} more", problems.size() - kProblemsTold);
  return fmt::format(
      "{}: {}. Only what is intact was judged; `genlock info` lists all, `genlock repair` mends it.",
      file.string(), text);
}

std::optional<std::size_t> unit_named(const sync::Report& report, const std::string& name) {
  for (std::size_t i = 0; i < report.units.size(); ++i)
    if (report.units[i].description.name == name) return i;
  return std::nullopt;
}

void tell_missing(sync::Report& report, const std::string& unit, const std::string& what) {
  add_finding(report, {.code = sync::Code::missing_file,
                       .severity = sync::Severity::failure,
                       .unit = unit_named(report, unit),
                       .text = fmt::format("{}: {}. Put it back into the take's folder, or judge the other "
                                           "recordings by naming them.",
                                           unit, what)});
}

void tell_file(sync::Report& report, const Take& take, const TakenUnit& unit, const RecordedFile& file,
               const std::filesystem::path& folder) {
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(folder / file.name, error);
  if (error) return tell_missing(report, unit.name, file.name + " is not there");
  if (!take.ended || file.bytes == 0 || bytes == file.bytes) return;
  add_finding(report, {.code = sync::Code::changed_file,
                       .severity = sync::Severity::warning,
                       .unit = unit_named(report, unit.name),
                       .text = fmt::format("{}: {} has {} bytes instead of the {} of take.json: it was cut, "
                                           "repaired or replaced since the take.",
                                           unit.name, file.name, bytes, file.bytes)});
}

void tell_unaligned(sync::Report& report, const TakenUnit& unit, const RecordedFile& file) {
  add_finding(report,
              {.code = sync::Code::unaligned_file,
               .severity = sync::Severity::note,
               .unit = unit_named(report, unit.name),
               .text = fmt::format("{}: {} was recorded after the unit was lost and came back: it is not "
                                   "in sync with the others and was not judged.",
                                   unit.name, file.name)});
}

}  // namespace

void add_finding(sync::Report& report, sync::Finding finding) {
  if (finding.severity == sync::Severity::failure && report.verdict == sync::Verdict::in_sync)
    report.verdict = sync::Verdict::not_in_sync;
  const auto behind = std::ranges::find_if(
      report.findings, [&](const sync::Finding& f) { return f.severity < finding.severity; });
  report.findings.insert(behind, std::move(finding));
}

void tell_damage(sync::Report& report, std::size_t unit, const std::filesystem::path& file,
                 const std::vector<std::string>& problems) {
  if (problems.empty()) return;
  add_finding(report, {.code = sync::Code::damaged_file,
                       .severity = sync::Severity::warning,
                       .unit = unit,
                       .count = problems.size(),
                       .text = damage_text(file, problems)});
}

void tell_take(sync::Report& report, const TakeSource& source) {
  if (!source.take) return;
  const Take& take = *source.take;
  if (!take.ended)
    add_finding(report, {.code = sync::Code::unfinished_take,
                         .severity = sync::Severity::warning,
                         .text = "The recorder did not end this take: it was judged as far as its files go. "
                                 "Files with damage are named; `genlock repair` completes those."});
  for (const TakenUnit& unit : take.units) {
    if (unit.files.empty()) tell_missing(report, unit.name, "the take has no recording of it");
    for (const RecordedFile& file : unit.files) tell_file(report, take, unit, file, source.folder);
    for (const RecordedFile& file : unit.unaligned) tell_unaligned(report, unit, file);
  }
}

void tell_short(sync::Report& report, std::size_t unit, const Take& take, const PulseSpan& recorded) {
  if (!take.first_pulse || !take.last_pulse) return;
  const bool late = recorded.first > *take.first_pulse, early = recorded.last < *take.last_pulse;
  if (!late && !early) return;
  const std::string& name = report.units[unit].description.name;
  const auto taken = std::ranges::find(take.units, name, &TakenUnit::name);
  const bool known = taken != take.units.end() && !taken->error.empty();
  const std::string span = late && early
                               ? fmt::format("from pulse {} until {}", recorded.first, recorded.last)
                           : late ? fmt::format("from pulse {} on", recorded.first)
                                  : fmt::format("until pulse {}", recorded.last);
  const std::uint64_t lacks =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, recorded.first - *take.first_pulse) +
                                 std::max<std::int64_t>(0, *take.last_pulse - recorded.last));
  add_finding(report, {.code = sync::Code::short_of_take,
                       .severity = sync::Severity::warning,
                       .unit = unit,
                       .pulse = early ? recorded.last + 1 : recorded.first,
                       .count = lacks,
                       .text = fmt::format("{}: recorded {} of {} to {}: {}", name, span, *take.first_pulse,
                                           *take.last_pulse,
                                           known ? taken->error
                                                 : "the rest of the take has nothing of it. Take again, or "
                                                   "use the pulses that all units have.")});
}

Result<TakeSource> without_missing_files(TakeSource source) {
  if (!source.take) return source;
  TakeSource there = source;
  there.files.clear();
  there.names.clear();
  for (std::size_t i = 0; i < source.files.size(); ++i) {
    std::error_code error;
    if (!std::filesystem::exists(source.files[i], error)) continue;
    there.files.push_back(source.files[i]);
    there.names.push_back(source.names[i]);
  }
  if (there.files.empty())
    return Error(Errc::not_found, fmt::format("{}: none of the recordings that take.json names is there",
                                              source.folder.string()));
  return there;
}

}  // namespace genlock::take
