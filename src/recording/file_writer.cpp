#include "recording/file_writer.h"

#include <utility>

namespace genlock::recording {
namespace {

using Id = mkv::ElementId;

/// Device time between blocks of the GENLOCK track: what a crash can lose of them.
constexpr DeviceDuration kRecordInterval = device_us(1'000'000);

}  // namespace

Result<FileWriter> FileWriter::create(std::unique_ptr<ByteSink> sink, FileHeader header) {
  FileWriter writer(std::move(sink), std::move(header));
  GENLOCK_TRY(writer.append(writer.header_.bytes()));
  return writer;
}

void FileWriter::add(Window window) {
  add_records(window);
  if (!window.has_frames()) return;
  const DeviceTime first = first_time(window);
  if (!start_offset_) start_offset_ = last_block_of_records_ = first;
  const bool with_records = records_.size() > 0 && first - last_block_of_records_ >= kRecordInterval;
  const std::uint64_t at = end_ + staging_.size();
  const ClusterSummary cluster = put_cluster(staging_, window, header_.tracks(), *start_offset_,
                                             with_records ? records_.bytes() : ByteSpan());
  if (with_records) {
    records_.clear();
    last_block_of_records_ = first;
  }
  last_staged_ = std::max(last_staged_, cluster.last);
  add_cue(cluster, at);
}

void FileWriter::add_records(const Window& window) {
  for (const PendingImage& pending : window.images)
    if (const auto record = record_of(pending.track, pending.image, pending.temperature_c))
      put_record(records_, *record);
  for (const HostPair& pair : window.host_pairs) put_record(records_, pair);
  for (const JackObservation& jacks : window.jacks) put_record(records_, jacks);
}

void FileWriter::add_cue(const ClusterSummary& cluster, std::uint64_t at) {
  if (!fallback_cue_) fallback_cue_ = Cue{cluster.first, cluster.first_track, at};
  if (!cluster.track_1_time) return;
  if (!cues_.empty() && *cluster.track_1_time - cues_.back().time < kCueInterval) return;
  cues_.push_back({*cluster.track_1_time, 1, at});
}

Status FileWriter::append(ByteSpan bytes) {
  const Status status = sink_->append(bytes);
  if (!status) {
    broken_ = true;
    return status;
  }
  end_ += bytes.size();
  return {};
}

Status FileWriter::flush() {
  if (staging_.size() == 0) return {};
  if (!start_offset_written_) {
    GENLOCK_TRY(patch(header_.start_offset(*start_offset_)));
    GENLOCK_TRY(sync());
    start_offset_written_ = true;
  }
  GENLOCK_TRY(append(staging_.bytes()));
  staging_.clear();
  last_written_ = last_staged_;
  return {};
}

Result<std::optional<std::uint64_t>> FileWriter::append_cues() {
  if (cues_.empty() && fallback_cue_) cues_.push_back(*fallback_cue_);
  if (cues_.empty()) return std::optional<std::uint64_t>();
  mkv::Output out;
  mkv::ElementWriter writer(out);
  writer.put_master(Id::cues, [&] {
    for (const Cue& cue : cues_) {
      writer.put_master(Id::cue_point, [&] {
        writer.put_uint(Id::cue_time, static_cast<std::uint64_t>(count_us(cue.time - *start_offset_)));
        writer.put_master(Id::cue_track_positions, [&] {
          writer.put_uint(Id::cue_track, cue.track);
          writer.put_uint(Id::cue_cluster_position, cue.cluster_at - FileHeader::kSegmentData);
        });
      });
    }
  });
  const std::uint64_t at = end_;
  GENLOCK_TRY(append(out.bytes()));
  return std::optional<std::uint64_t>(at);
}

void FileWriter::add_last_records() {
  if (records_.size() == 0 || !start_offset_) return;
  put_metadata_cluster(staging_, last_staged_, header_.tracks(), *start_offset_, records_.bytes());
  records_.clear();
  last_block_of_records_ = last_staged_;
}

Status FileWriter::complete() {
  add_last_records();
  GENLOCK_TRY(flush());
  GENLOCK_TRY(sync());
  if (!start_offset_) return {};
  GENLOCK_TRY(patch(header_.seek_head(std::nullopt)));
  GENLOCK_TRY(patch(header_.duration(last_written_ - *start_offset_)));
  return sync();
}

Status FileWriter::finish() {
  if (broken_) return finish_broken();
  add_last_records();
  if (const Status status = flush(); !status) {
    if (broken_) (void)finish_broken();
    return status;
  }
  const Result<std::optional<std::uint64_t>> cues = append_cues();
  if (!cues) {
    (void)finish_broken();
    return cues.error();
  }
  GENLOCK_TRY(sync());
  GENLOCK_TRY(patch(header_.seek_head(*cues)));
  if (start_offset_) GENLOCK_TRY(patch(header_.duration(last_written_ - *start_offset_)));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  return sync();
}

Status FileWriter::finish_broken() {
  GENLOCK_TRY(patch(header_.seek_head(std::nullopt)));
  if (start_offset_written_) GENLOCK_TRY(patch(header_.duration(last_written_ - *start_offset_)));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  return sync();
}

}  // namespace genlock::recording
