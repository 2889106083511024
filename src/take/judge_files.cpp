#include "take/judge_files.h"

#include <algorithm>

#include "take/surveys.h"
#include "take/take_findings.h"

namespace genlock::take {
namespace {

/// Names and areas, which the files themselves do not tell.
void describe_further(std::vector<UnitRecording>& recordings, const TakeSource& source,
                      const JudgeOptions& options) {
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    if (i < source.names.size()) recordings[i].unit.name = source.names[i];
    const auto areas = options.areas.find(recordings[i].unit.name);
    if (areas != options.areas.end()) recordings[i].unit.areas = areas->second;
  }
}

/// From the first to the last pulse of any frame; nothing where the recorder gave them none.
std::optional<PulseSpan> recorded_pulses(const recording::Survey& content) {
  std::optional<PulseSpan> span;
  for (const recording::FrameEntry& frame : content.frames) {
    if (!frame.pulse) continue;
    if (!span) span = PulseSpan{*frame.pulse, *frame.pulse};
    span->first = std::min(span->first, *frame.pulse);
    span->last = std::max(span->last, *frame.pulse);
  }
  return span;
}

/// The nearest unit before each that has a recording.
void wire(std::vector<UnitRecording>& recordings, const std::map<std::string, std::string>& fed_by) {
  for (UnitRecording& recording : recordings) {
    auto before = fed_by.find(recording.unit.name);
    for (std::size_t steps = 0; before != fed_by.end() && steps < fed_by.size(); ++steps) {
      const auto there = std::ranges::find_if(
          recordings, [&](const UnitRecording& other) { return other.unit.name == before->second; });
      if (there != recordings.end()) {
        recording.unit.fed_by = static_cast<std::size_t>(there - recordings.begin());
        break;
      }
      before = fed_by.find(before->second);
    }
  }
}

std::vector<JudgedTake::File> files_of(const std::vector<UnitRecording>& recordings) {
  std::vector<JudgedTake::File> files;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    for (const std::filesystem::path& path : recordings[i].reader->files()) {
      std::error_code error;
      const std::uint64_t bytes = std::filesystem::file_size(path, error);
      files.push_back({i, path, error ? 0 : bytes});
    }
  return files;
}

}  // namespace

Result<JudgedTake> judge_take(const TakeSource& given, const JudgeOptions& options) {
  GENLOCK_ASSIGN(const TakeSource source, without_missing_files(given));
  GENLOCK_ASSIGN(std::vector<UnitRecording> recordings, open_recordings(source.files));
  describe_further(recordings, source, options);
  wire(recordings, options.fed_by);
  sync::Monitor monitor(descriptions(recordings));
  std::vector<std::vector<std::string>> problems(recordings.size());
  std::vector<std::optional<PulseSpan>> recorded(recordings.size());
  std::vector<Holes> holes;
  const auto take_in = [&](std::size_t unit, recording::Survey content) {
    observe(monitor, unit, recordings[unit], content);
    if (options.pulses)
      for (Holes hole : holes_in(recordings[unit], content, *options.pulses)) {
        hole.unit = unit;
        holes.push_back(hole);
      }
    recorded[unit] = recorded_pulses(content);
    problems[unit] = std::move(content.problems);
  };
  GENLOCK_TRY(survey_all(recordings, take_in, options.progress));
  std::ranges::stable_sort(holes, {}, &Holes::unit);
  JudgedTake judged{
      .report = monitor.report(), .files = files_of(recordings), .holes = std::move(holes), .imu = {}};
  // A file that is not finalised has that among its problems.
  for (std::size_t i = 0; i < recordings.size(); ++i)
    tell_damage(judged.report, i, recordings[i].file(), problems[i]);
  tell_take(judged.report, source);
  if (source.take)
    for (std::size_t i = 0; i < recordings.size(); ++i)
      if (recorded[i]) tell_short(judged.report, i, *source.take, *recorded[i]);
  if (!options.imu) return judged;
  GENLOCK_ASSIGN(judged.imu, check_imus(recordings, judged.report));
  return judged;
}

Result<sync::Report> judge_files(const std::vector<std::filesystem::path>& files) {
  GENLOCK_ASSIGN(JudgedTake judged, judge_take({.files = files}));
  return std::move(judged.report);
}

}  // namespace genlock::take
