#include "cli/verify_files.h"

#include <algorithm>

#include "recording/reader.h"
#include "sync/monitor.h"

namespace genlock::cli {
namespace {

using recording::FrameEntry;
using recording::RecordingInfo;
using recording::Survey;
using recording::TrackKind;

struct Recorded {
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
  GENLOCK_ASSIGN(auto source, open_file(file));
  auto reader = recording::Reader::open(std::move(source));
  if (!reader) return reader.error().context(file.string());
  auto survey = (*reader)->survey();
  if (!survey) return survey.error().context(file.string());
  const RecordingInfo& info = (*reader)->info();
  return Recorded{describe(file, info), *std::move(survey),
                  info.depth_track ? TrackKind::depth : TrackKind::ir};
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

}  // namespace

Result<sync::Report> verify_files(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) return Error(Errc::invalid, "no file was given: name one recording of each unit");
  std::vector<Recorded> recordings;
  std::vector<sync::UnitDescription> units;
  for (const std::filesystem::path& file : files) {
    GENLOCK_ASSIGN(Recorded recorded, read(file));
    units.push_back(recorded.unit);
    recordings.push_back(std::move(recorded));
  }
  name_apart(units, files);
  sync::Monitor monitor(units);
  for (std::size_t i = 0; i < recordings.size(); ++i) observe(monitor, i, recordings[i]);
  return monitor.report();
}

int verify_exit_code(const Result<sync::Report>& report) {
  if (!report) return 2;
  return report->verdict == sync::Verdict::in_sync ? 0 : 1;
}

}  // namespace genlock::cli
