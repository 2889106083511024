#include "take/judge_files.h"

#include <fmt/core.h>

#include <algorithm>

#include "recording/reader.h"
#include "sync/monitor.h"

namespace genlock::take {
namespace {

using recording::FrameEntry;
using recording::RecordingInfo;
using recording::Survey;
using recording::TrackKind;

struct Recorded {
  std::vector<std::filesystem::path> files;  ///< several of a split recording
  sync::UnitDescription unit;
  Survey survey;
  TrackKind depth_track =
      TrackKind::depth;  ///< the track that stands for the depth stream: IR where it is alone
};

sync::UnitDescription describe(const std::filesystem::path& file, const RecordingInfo& info) {
  return {.name = file.stem().string(),
          .serial = info.serial,
          .sync_mode = info.config.sync_mode,
          .rate = info.config.rate,
          .delay_off_master = info.config.delay_off_master,
          .depth_delay_off_color = info.config.depth_delay_off_color,
          .color = info.color_track,
          .depth = info.depth_track || info.ir_track,
          .depth_mode = info.config.depth_mode,
          .simulated = info.simulated,
          .host = info.host};
}

Result<Recorded> read(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open_recording(file));
  auto survey = reader->survey();
  if (!survey) return survey.error().context(file.string());
  const RecordingInfo& info = reader->info();
  return Recorded{reader->files(), describe(reader->files().front(), info), *std::move(survey),
                  info.depth_track ? TrackKind::depth : TrackKind::ir};
}

/// Whether a file was read already, as a part of a recording that another one belongs to.
bool is_read(const std::vector<Recorded>& recordings, const std::filesystem::path& file) {
  std::error_code error;
  const auto is_file = [&](const std::filesystem::path& other) {
    return std::filesystem::equivalent(other, file, error);
  };
  return std::ranges::any_of(recordings, [&](const Recorded& recorded) {
    return recorded.files.size() > 1 && std::ranges::any_of(recorded.files, is_file);
  });
}

// Two files of the same name from different folders are told apart by their folders.
void name_apart(std::vector<sync::UnitDescription>& units, const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> names;
  for (const sync::UnitDescription& unit : units) names.push_back(unit.name);
  for (std::size_t i = 0; i < units.size(); ++i)
    if (std::ranges::count(names, names[i]) > 1)
      units[i].name = (files[i].parent_path() / files[i].stem()).string();
}

void observe(sync::Monitor& monitor, std::size_t unit, const Recorded& recorded) {
  for (const FrameEntry& frame : recorded.survey.frames) {
    if (frame.track != TrackKind::color && frame.track != recorded.depth_track) continue;
    monitor.add({.unit = unit,
                 .stream = frame.track == TrackKind::color ? sync::Stream::color : sync::Stream::depth,
                 .device = frame.device_time,
                 .host = frame.host_time,
                 .exposure = frame.exposure});
  }
  for (const HostPair& pair : recorded.survey.host_pairs) monitor.add(unit, pair);
  for (const JackObservation& jacks : recorded.survey.jacks) monitor.add(unit, jacks);
}

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
  if (given.empty()) return Error(Errc::invalid, "no file was given: name one recording of each unit");
  std::vector<Recorded> recordings;
  std::vector<sync::UnitDescription> units;
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& file : given) {
    if (is_read(recordings, file)) continue;
    GENLOCK_ASSIGN(Recorded recorded, read(file));
    units.push_back(recorded.unit);
    files.push_back(recorded.files.front());
    recordings.push_back(std::move(recorded));
  }
  name_apart(units, files);
  sync::Monitor monitor(units);
  for (std::size_t i = 0; i < recordings.size(); ++i) observe(monitor, i, recordings[i]);
  sync::Report report = monitor.report();
  // A file that is not finalised has that among its problems.
  for (std::size_t i = 0; i < recordings.size(); ++i)
    tell_damage(report, i, files[i], recordings[i].survey.problems);
  return report;
}

}  // namespace genlock::take
