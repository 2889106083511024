#include "take/recordings.h"

#include <fmt/core.h>

#include <algorithm>

#include "recording/format.h"

namespace genlock::take {
namespace {

using recording::FrameEntry;
using recording::RecordingInfo;
using recording::Survey;
using recording::TrackKind;

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

Result<UnitRecording> open(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(auto reader, recording::Reader::open_recording(file));
  if (reader->info().tags.contains(std::string(recording::kTagUnaligned)))
    return Error(Errc::invalid,
                 fmt::format("{}: this unit was lost during its take and came back, so that its clock has no "
                             "common zero with the others': it cannot be in sync with them; leave it out",
                             file.string()));
  sync::UnitDescription unit = describe(reader->files().front(), reader->info());
  const TrackKind depth = reader->info().depth_track ? TrackKind::depth : TrackKind::ir;
  return UnitRecording{std::move(reader), std::move(unit), depth};
}

/// Whether a file was opened already, as a part of a recording that another one belongs to.
bool is_open(const std::vector<UnitRecording>& recordings, const std::filesystem::path& file) {
  std::error_code error;
  const auto is_file = [&](const std::filesystem::path& other) {
    return std::filesystem::equivalent(other, file, error);
  };
  return std::ranges::any_of(recordings, [&](const UnitRecording& recording) {
    const std::vector<std::filesystem::path>& parts = recording.reader->files();
    return parts.size() > 1 && std::ranges::any_of(parts, is_file);
  });
}

// Two files of the same name from different folders are told apart by their folders.
void name_apart(std::vector<UnitRecording>& recordings) {
  std::vector<std::string> names;
  for (const UnitRecording& recording : recordings) names.push_back(recording.unit.name);
  for (UnitRecording& recording : recordings)
    if (std::ranges::count(names, recording.unit.name) > 1)
      recording.unit.name = (recording.file().parent_path() / recording.file().stem()).string();
}

}  // namespace

std::optional<sync::Stream> UnitRecording::stream_of(TrackKind track) const {
  if (track == TrackKind::color) return sync::Stream::color;
  if (track == depth_track) return sync::Stream::depth;
  return std::nullopt;
}

Result<std::vector<UnitRecording>> open_recordings(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) return Error(Errc::invalid, "no file was given: name one recording of each unit");
  std::vector<UnitRecording> recordings;
  for (const std::filesystem::path& file : files) {
    if (is_open(recordings, file)) continue;
    GENLOCK_ASSIGN(UnitRecording recording, open(file));
    recordings.push_back(std::move(recording));
  }
  name_apart(recordings);
  return recordings;
}

std::vector<sync::UnitDescription> descriptions(const std::vector<UnitRecording>& recordings) {
  std::vector<sync::UnitDescription> units;
  for (const UnitRecording& recording : recordings) units.push_back(recording.unit);
  return units;
}

Result<Survey> survey(const UnitRecording& recording) {
  return recording.reader->survey().context(recording.file().string());
}

void observe(sync::Monitor& monitor, std::size_t unit, const UnitRecording& recording, const Survey& survey) {
  for (const FrameEntry& frame : survey.frames)
    if (const auto stream = recording.stream_of(frame.track))
      monitor.add({.unit = unit,
                   .stream = *stream,
                   .device = frame.device_time,
                   .host = frame.host_time,
                   .exposure = frame.exposure,
                   .pulse = frame.pulse});
  for (const HostPair& pair : survey.host_pairs) monitor.add(unit, pair);
  for (const JackObservation& jacks : survey.jacks) monitor.add(unit, jacks);
}

}  // namespace genlock::take
