#include "recording/survey.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "mkv/vint.h"
#include "recording/block_walker.h"
#include "recording/metadata_index.h"
#include "recording/stored_frame.h"
#include "recording/track_items.h"

namespace genlock::recording {
namespace {

class Surveyor {
 public:
  Surveyor(const Part& part, ReaderOptions options)
      : input_(*part.source), contents_(part.contents), layout_(part.layout), options_(options) {}

  Result<Survey> run(std::vector<std::string> problems) {
    survey_.file_bytes = input_.size();
    survey_.duration = duration();
    BlockWalker walker(input_, layout_.segment, layout_.first_cluster, layout_.timestamp_scale_ns);
    while (const std::optional<StoredBlock> block = walker.next()) add_block(*block);
    GENLOCK_TRY(input_.status());
    fill_in_records();
    judge_end(contents_.cues.has_value() || walker.saw_cues(), problems);
    const std::vector<std::string> found = input_.problems();
    problems.insert(problems.end(), found.begin(), found.end());
    survey_.problems = std::move(problems);
    return std::move(survey_);
  }

 private:
  std::optional<DeviceDuration> duration() const {
    if (!contents_.duration) return std::nullopt;
    const double us = *contents_.duration * static_cast<double>(layout_.timestamp_scale_ns) / 1000;
    if (!(us >= 0 && us < static_cast<double>(std::int64_t{1} << 53))) return std::nullopt;
    return device_us(std::llround(us));
  }

  void add_block(const StoredBlock& block) {
    if (block.track == layout_.imu) return add_imu(block);
    if (block.track == layout_.metadata) return add_metadata(block);
    const std::optional<TrackKind> kind = video_track_of(layout_, block);
    const auto pixels = kind ? stored_pixels(input_, layout_, *kind, block, options_) : std::nullopt;
    if (!pixels) return;
    FrameEntry entry;
    entry.track = *kind;
    entry.device_time = layout_.device_time(block.time_ns);
    entry.bytes = pixels->size;
    survey_.frames.push_back(entry);
  }

  void add_imu(const StoredBlock& block) {
    for (const mkv::Extent& frame : block.frames) {
      const std::optional<StoredSample> found = read_imu_sample(input_, frame);
      if (!found) continue;
      const ImuSample* sample = &found->sample;
      ++survey_.imu_samples;
      survey_.first_imu = std::min(survey_.first_imu.value_or(sample->accel_time), sample->accel_time);
      survey_.last_imu = std::max(survey_.last_imu.value_or(sample->accel_time), sample->accel_time);
    }
  }

  void add_metadata(const StoredBlock& block) {
    const Metadata metadata = read_metadata(input_, block.frames);
    records_.add(metadata.frames);
    survey_.host_pairs.insert(survey_.host_pairs.end(), metadata.host_pairs.begin(),
                              metadata.host_pairs.end());
    survey_.gaps.insert(survey_.gaps.end(), metadata.gaps.begin(), metadata.gaps.end());
    survey_.jacks.insert(survey_.jacks.end(), metadata.jacks.begin(), metadata.jacks.end());
  }

  void fill_in_records() {
    for (FrameEntry& entry : survey_.frames) {
      const FrameRecord* record = records_.find(entry.track, entry.device_time);
      if (record == nullptr) continue;
      entry.host_time = record->host_time;
      entry.exposure = record->exposure;
      entry.white_balance = record->white_balance;
      entry.iso = record->iso;
      entry.temperature_c = record->temperature_c;
    }
  }

  /// Whether the recording was closed, and what of it is missing at the end.
  void judge_end(bool has_cues, std::vector<std::string>& problems) {
    const std::uint64_t claim = contents_.segment_claim;
    survey_.finalised = contents_.duration.has_value() && claim == input_.size() && has_cues;
    if (survey_.finalised) return;
    if (claim != mkv::kUnknownSize && claim > input_.size()) {
      problems.push_back(fmt::format("the file is cut: it has {} of {} bytes", input_.size(), claim));
    } else {
      problems.push_back(
          "the recording was not closed: it has no complete index, and its end may be missing");
    }
  }

  mkv::Input input_;
  const FileContents& contents_;
  const FileLayout& layout_;
  const ReaderOptions options_;
  FrameRecords records_;
  Survey survey_;
};

}  // namespace

Result<Survey> survey_file(const Part& part, ReaderOptions options, std::vector<std::string> known_problems) {
  return Surveyor(part, options).run(std::move(known_problems));
}

}  // namespace genlock::recording
