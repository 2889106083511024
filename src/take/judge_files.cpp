#include "take/judge_files.h"

#include <fmt/core.h>

#include <algorithm>

#include "take/recordings.h"

namespace genlock::take {
namespace {

constexpr std::size_t kProblemsTold = 3;

std::string damage_text(const std::filesystem::path& file, const std::vector<std::string>& problems) {
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsTold); ++i)
    text += (i == 0 ? "" : "; ") + problems[i];
  if (problems.size() > kProblemsTold) text += fmt::format("; and {} more", problems.size() - kProblemsTold);
  return fmt::format("{}: {}. Only what is intact was judged; `genlock info` lists all.", file.string(),
                     text);
}

// Among the warnings: the report's findings are in order of severity.
void tell_damage(sync::Report& report, std::size_t unit, const std::filesystem::path& file,
                 const std::vector<std::string>& problems) {
  if (problems.empty()) return;
  const auto notes = std::ranges::find(report.findings, sync::Severity::note, &sync::Finding::severity);
  report.findings.insert(notes, {.code = sync::Code::damaged_file,
                                 .severity = sync::Severity::warning,
                                 .unit = unit,
                                 .count = problems.size(),
                                 .text = damage_text(file, problems)});
}

}  // namespace

Result<sync::Report> judge_files(const std::vector<std::filesystem::path>& given) {
  GENLOCK_ASSIGN(const std::vector<UnitRecording> recordings, open_recordings(given));
  sync::Monitor monitor(descriptions(recordings));
  std::vector<std::vector<std::string>> problems;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    GENLOCK_ASSIGN(recording::Survey content, survey(recordings[i]));
    observe(monitor, i, recordings[i], content);
    problems.push_back(std::move(content.problems));
  }
  sync::Report report = monitor.report();
  // A file that is not finalised has that among its problems.
  for (std::size_t i = 0; i < recordings.size(); ++i)
    tell_damage(report, i, recordings[i].file(), problems[i]);
  return report;
}

}  // namespace genlock::take
