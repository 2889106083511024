#include "cli/info.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/text.h"
#include "geometry/calibration.h"
#include "recording/format.h"
#include "session/stream_watch.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;
using recording::FrameEntry;
using recording::TrackKind;

/// Counts of one image track.
struct TrackSummary {
  TrackKind kind;
  std::uint64_t frames = 0;
  std::uint64_t missing = 0;
  std::uint64_t gaps = 0;
  std::uint64_t bytes = 0;
  std::optional<DeviceTime> first, last;
};

TrackSummary summarise(TrackKind kind, const FileInfo& file) {
  TrackSummary track{.kind = kind, .first = {}, .last = {}};
  session::GapCounter gaps(file.info.config.rate);
  for (const FrameEntry& frame : file.survey.frames) {
    if (frame.track != kind) continue;
    if (gaps.add(frame.device_time) > 0) ++track.gaps;
    track.bytes += frame.bytes;
    if (!track.first) track.first = frame.device_time;
    track.last = frame.device_time;
  }
  track.frames = gaps.frames();
  track.missing = gaps.missing();
  return track;
}

std::vector<TrackSummary> image_tracks(const FileInfo& file) {
  std::vector<TrackSummary> tracks;
  if (file.info.color_track) tracks.push_back(summarise(TrackKind::color, file));
  if (file.info.depth_track) tracks.push_back(summarise(TrackKind::depth, file));
  if (file.info.ir_track) tracks.push_back(summarise(TrackKind::ir, file));
  return tracks;
}

std::string seconds(DeviceDuration d) {
  return fmt::format("{:.3f} s", static_cast<double>(count_us(d)) / 1e6);
}

std::string span(const std::optional<DeviceTime>& first, const std::optional<DeviceTime>& last) {
  return first && last ? fmt::format("{} .. {} us", count_us(*first), count_us(*last)) : "empty";
}

std::string mode_text(TrackKind kind, const CameraConfig& config) {
  const Size size =
      kind == TrackKind::color ? image_size(config.color_resolution) : image_size(config.depth_mode);
  const std::string_view name =
      kind == TrackKind::color ? to_string(config.color_format) : to_string(config.depth_mode);
  return fmt::format("{} {}x{}", name, size.width, size.height);
}

std::string calibration_text(const FileInfo& file) {
  if (file.info.raw_calibration.empty()) return "none in the file";
  const auto parsed = geometry::parse_calibration(file.info.raw_calibration.bytes());
  if (!parsed)
    return fmt::format("{} bytes, unusable: {}", file.info.raw_calibration.size(), parsed.error().message());
  return fmt::format("{} bytes, readable", file.info.raw_calibration.size());
}

std::string sync_text(const CameraConfig& config) {
  std::string text(to_string(config.sync_mode));
  if (config.sync_mode == WiredSyncMode::subordinate)
    text += fmt::format(", {} us after the master", count_us(config.delay_off_master));
  if (config.color_on() && config.depth_on())
    text += fmt::format(", depth {:+} us off colour", count_us(config.depth_delay_off_color));
  return text;
}

std::string gap_track(const recording::Gap& gap) {
  if (gap.track < recording::kFirstCustomSlot)
    return std::string(to_string(static_cast<TrackKind>(gap.track)));
  return fmt::format("custom track {}", gap.track - recording::kFirstCustomSlot + 1);
}

std::string gap_text(const recording::Gap& gap) {
  return fmt::format("{} of {} left out by the recorder, {} .. {} us: {}", gap.frames, gap_track(gap),
                     count_us(gap.first), count_us(gap.last), to_string(gap.reason));
}

Json gap_json(const recording::Gap& gap) {
  return {{"track", gap_track(gap)},
          {"frames", gap.frames},
          {"first_us", count_us(gap.first)},
          {"last_us", count_us(gap.last)},
          {"reason", to_string(gap.reason)}};
}

std::string health_text(const recording::Survey& survey) {
  if (!survey.problems.empty()) return fmt::format("{} problem(s), see below", survey.problems.size());
  return survey.finalised ? "complete" : "not closed properly; everything written is readable";
}

std::string parts_text(const std::vector<std::filesystem::path>& parts) {
  return fmt::format("{} files, {} to {}", parts.size(), parts.front().filename().string(),
                     parts.back().filename().string());
}

std::string firmware_text(const recording::RecordingInfo& info) {
  if (!info.color_firmware && !info.depth_firmware) return "unknown";
  return fmt::format("color {}, depth {}", info.color_firmware ? to_string(*info.color_firmware) : "?",
                     info.depth_firmware ? to_string(*info.depth_firmware) : "?");
}

Json optional_time(const std::optional<DeviceTime>& time) {
  return time ? Json(count_us(*time)) : Json(nullptr);
}

Json track_json(const TrackSummary& track, const CameraConfig& config) {
  const Size size =
      track.kind == TrackKind::color ? image_size(config.color_resolution) : image_size(config.depth_mode);
  return {{"track", to_string(track.kind)},
          {"width", size.width},
          {"height", size.height},
          {"frames", track.frames},
          {"missing", track.missing},
          {"gaps", track.gaps},
          {"bytes", track.bytes},
          {"first_us", optional_time(track.first)},
          {"last_us", optional_time(track.last)}};
}

Json config_json(const CameraConfig& config) {
  return {{"color_format", config.color_on() ? to_string(config.color_format) : "OFF"},
          {"color_resolution", to_string(config.color_resolution)},
          {"depth_mode", to_string(config.depth_mode)},
          {"fps", fps(config.rate)},
          {"sync_mode", to_string(config.sync_mode)},
          {"delay_off_master_us", count_us(config.delay_off_master)},
          {"depth_delay_us", count_us(config.depth_delay_off_color)}};
}

}  // namespace

Result<FileInfo> inspect(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open_recording(file));
  auto survey = reader->survey();
  if (!survey) return survey.error().context(file.string());
  return FileInfo{file, reader->files(), reader->info(), *std::move(survey)};
}

std::string info_text(const FileInfo& file) {
  const recording::RecordingInfo& info = file.info;
  const recording::Survey& survey = file.survey;
  std::vector<std::vector<std::string>> rows{
      {"  serial", info.serial.empty() ? "unknown" : info.serial},
      {"  firmware", firmware_text(info)},
      {"  sync", sync_text(info.config)},
      {"  rate", fmt::format("{} fps", fps(info.config.rate))},
      {"  start", fmt::format("device time {} us", count_us(info.start_offset))},
      {"  duration", survey.duration ? seconds(*survey.duration) : "not written"},
      {"  size", readable_bytes(survey.file_bytes)},
      {"  calibration", calibration_text(file)},
      {"  recorded by", info.writing_app.empty() ? "unknown" : info.writing_app},
      {"  host", info.host.name.empty() ? "unknown" : info.host.name},
      {"  file", health_text(survey)},
  };
  std::vector<std::vector<std::string>> tracks{
      {"  track", "mode", "frames", "missing", "size", "device time"}};
  for (const TrackSummary& t : image_tracks(file))
    tracks.push_back({fmt::format("  {}", to_string(t.kind)), mode_text(t.kind, info.config),
                      fmt::format("{}", t.frames), fmt::format("{}", t.missing), readable_bytes(t.bytes),
                      span(t.first, t.last)});
  if (info.imu_track)
    tracks.push_back({"  imu", "accelerometer, gyroscope", fmt::format("{}", survey.imu_samples), "", "",
                      span(survey.first_imu, survey.last_imu)});
  if (file.parts.size() > 1) rows.insert(rows.begin(), {"  parts", parts_text(file.parts)});
  std::string text = fmt::format("{}\n", file.file.string());
  if (info.simulated) text += "  SIMULATED DATA: this recording shows no real scene\n";
  if (info.tags.contains(std::string(recording::kTagUnaligned)))
    text += "  UNALIGNED: of a unit that was lost and came back, not in sync with others of its take\n";
  text += columns(rows) + "\n" + columns(tracks);
  for (const recording::Gap& gap : survey.gaps) text += fmt::format("  gap: {}\n", gap_text(gap));
  for (const std::string& problem : survey.problems) text += fmt::format("  problem: {}\n", problem);
  return text;
}

std::string info_json(const FileInfo& file) {
  const recording::RecordingInfo& info = file.info;
  const recording::Survey& survey = file.survey;
  Json files = Json::array();
  for (const std::filesystem::path& part : file.parts) files.push_back(part.string());
  Json json{
      {"file", file.file.string()}, {"parts", files}, {"simulated", info.simulated}, {"serial", info.serial}};
  json["color_firmware"] = info.color_firmware ? Json(to_string(*info.color_firmware)) : Json(nullptr);
  json["depth_firmware"] = info.depth_firmware ? Json(to_string(*info.depth_firmware)) : Json(nullptr);
  json["config"] = config_json(info.config);
  json["start_offset_us"] = count_us(info.start_offset);
  json["duration_us"] = survey.duration ? Json(count_us(*survey.duration)) : Json(nullptr);
  json["bytes"] = survey.file_bytes;
  json["tracks"] = Json::array();
  for (const TrackSummary& track : image_tracks(file))
    json["tracks"].push_back(track_json(track, info.config));
  if (info.imu_track)
    json["imu"] = {{"samples", survey.imu_samples},
                   {"first_us", optional_time(survey.first_imu)},
                   {"last_us", optional_time(survey.last_imu)}};
  json["calibration_bytes"] = info.raw_calibration.size();
  json["tags"] = info.tags;
  json["writing_app"] = info.writing_app;
  json["host"] = info.host.name;
  json["finalised"] = survey.finalised;
  json["gaps"] = Json::array();
  for (const recording::Gap& gap : survey.gaps) json["gaps"].push_back(gap_json(gap));
  json["problems"] = survey.problems;
  return json.dump(2) + "\n";
}

}  // namespace genlock::cli
