#include "recording/repair_work.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::recording {
namespace {

using Code = FindingCode;

struct Rebuilt {
  Code code;
  std::string_view what;
};
constexpr Rebuilt kRebuilt[] = {
    {Code::segment_size, "the segment's size"},
    {Code::info, "Info"},
    {Code::duration, "Duration"},
    {Code::start_offset, "the start offset"},
    {Code::seek_head, "SeekHead"},
    {Code::cues, "Cues"},
    {Code::cues_overwritten, "Cues"},
    {Code::index, "the GENLOCK index"},
};

/// What a file that was cut had behind the cut, by the Duration that it still has.
DeviceDuration time_cut(const DamagedFile& file) {
  const FileContents& contents = file.contents;
  const bool cut = contents.segment_claim != mkv::kUnknownSize && contents.segment_claim > file.input->size();
  if (!cut || !contents.duration) return {};
  const double scale_us = static_cast<double>(file.timestamp_scale_ns) / 1000;
  const double us = (*contents.duration - static_cast<double>(file.checked.facts.last_time)) * scale_us;
  const double period_us = file.layout ? static_cast<double>(file.layout->frame_period_ns) / 1000 : 0;
  const bool known = us > period_us && us < static_cast<double>(std::int64_t{1} << 53);
  return device_us(known ? static_cast<std::int64_t>(us) : 0);
}

}  // namespace

Result<DamagedFile> open_damaged(const ByteSource& file, const Progress& progress, std::uint64_t passes) {
  auto source = std::make_unique<WatchedSource>(file, progress, passes);
  auto input = std::make_unique<mkv::Input>(*source);
  GENLOCK_ASSIGN(Description read, read_description(*input));
  const std::uint64_t scale = std::max<std::uint64_t>(read.contents.scale_ns(), 1);
  return DamagedFile{
      std::move(source), std::move(input), std::move(read.contents), std::move(read.layout), {}, scale};
}

Status check_damaged(DamagedFile& file) {
  GENLOCK_ASSIGN(file.checked, check_file(*file.input, file.contents, file.layout, {}));
  file.source->next_pass();
  if (file.checked.report.findings.count(Code::no_clusters) == 0) return {};
  return Error(Errc::corrupt, "the file holds no frames: nothing is left to be repaired");
}

bool is_loss(const ScannedCluster& cluster) {
  return cluster.state == ScannedCluster::State::cut || cluster.state == ScannedCluster::State::damaged ||
         cluster.checksum == Checksum::wrong;
}

RepairReport report_sound(const DamagedFile& file) {
  RepairReport report;
  for (const auto& [number, track] : file.checked.report.tracks)
    report.tracks[number] = {track.name, track.video, track.frames, 0};
  report.clusters_kept = file.checked.report.clusters;
  report.file_bytes = file.input->size();
  return report;
}

void describe(const DamagedFile& file, RepairReport& report) {
  report.before = file.checked.report;
  report.time_cut = time_cut(file);
  for (const Rebuilt& entry : kRebuilt)
    if (report.before.findings.count(entry.code) > 0 &&
        std::ranges::find(report.rebuilt, entry.what) == report.rebuilt.end())
      report.rebuilt.emplace_back(entry.what);
  if (!file.layout)
    report.notes.push_back(fmt::format("Readers still refuse the file: {}.", file.layout.error().message()));
  const bool offset_known = file.checked.facts.missing_offset_us ||
                            std::ranges::any_of(file.contents.tags, [](const TagElement& tag) {
                              return tag.name == kTagStartOffset;
                            });
  if (!file.contents.has_info && !offset_known)
    report.notes.emplace_back(
        "The start offset was never written and no IMU sample tells it: device times begin at 0.");
}

}  // namespace genlock::recording
