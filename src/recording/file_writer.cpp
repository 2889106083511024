#include "recording/file_writer.h"

#include <algorithm>
#include <utility>

namespace genlock::recording {
namespace {

using Id = mkv::ElementId;

/// Device time between blocks of the GENLOCK track: what a crash can lose of them. They wait for a cluster
/// with data of track 1, so that one cue point serves both, but not longer than the second.
constexpr DeviceDuration kRecordInterval = device_us(1'000'000);
constexpr DeviceDuration kLongestRecordInterval = device_us(1'500'000);

bool has_track(const Window& window, const TrackPlan& track) {
  if (track.role == TrackRole::imu) return !window.imu.empty();
  if (track.role == TrackRole::custom)
    return std::ranges::find(window.data, track.custom, &PendingData::track) != window.data.end();
  return std::ranges::any_of(window.images, [&](const PendingImage& image) {
    return static_cast<TrackRole>(image.track) == track.role;
  });
}

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
  const bool with_records = metadata_due(window, first);
  if (with_records) add_gaps();
  const std::uint64_t at = end_ + staging_.size();
  ClusterSummary cluster = put_cluster(staging_, window, header_.tracks(), *start_offset_,
                                       with_records ? records_.bytes() : ByteSpan());
  if (with_records) {
    records_.clear();
    last_block_of_records_ = first;
  }
  last_staged_ = std::max(last_staged_, cluster.last);
  add_summary(std::move(cluster), at);
}

bool FileWriter::metadata_due(const Window& window, DeviceTime first) const {
  const DeviceDuration waited = first - last_block_of_records_;
  if (records_.size() == 0 || waited < kRecordInterval) return false;
  return waited >= kLongestRecordInterval || has_track(window, header_.tracks().front());
}

void FileWriter::add_records(const Window& window) {
  for (const PendingImage& pending : window.images)
    if (const auto record = record_of(pending.track, pending.image, pending.temperature_c))
      put_record(records_, *record);
  for (const HostPair& pair : window.host_pairs) put_record(records_, pair);
  for (const JackObservation& jacks : window.jacks) put_record(records_, jacks);
  news_ = true;
}

void FileWriter::note(std::span<const Gap> gaps) {
  for (const Gap& gap : gaps) gaps_.add(gap);
  if (!gaps.empty()) news_ = true;
}

void FileWriter::add_gaps() {
  for (const Gap& gap : gaps_.take()) put_record(records_, gap);
}

/// A cluster at `at` goes into the index.
void FileWriter::add_summary(ClusterSummary cluster, std::uint64_t at) {
  CuePlace cue{.time = cluster.track_1_time.value_or(cluster.first),
               .position = at - FileHeader::kSegmentData,
               .track = cluster.track_1_time ? std::uint64_t{1} : 0,
               .metadata_at = cluster.metadata_at};
  if (!first_cluster_ && cluster.first_track != header_.metadata_track()) {
    first_cluster_ = cue;
    first_cluster_->track = cluster.first_track;
  }
  if (cue.metadata_at || (cues_.empty() && cue.track == 1)) cues_.push_back(cue);
  cluster.record.position = cue.position;
  put_record(records_, cluster.record);
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
  Status status = write_staged();
  if (!status) broken_ = true;
  return status;
}

Status FileWriter::write_staged() {
  if (!start_offset_written_) {
    GENLOCK_TRY(patch(header_.start_offset(*start_offset_)));
    GENLOCK_TRY(sync());
    start_offset_written_ = true;
  }
  GENLOCK_TRY(append(staging_.bytes()));
  staging_.clear();
  const ByteSpan records = records_.bytes();
  written_.records.assign(records.begin(), records.end());
  written_.cues = cues_.size();
  written_.last = last_staged_;
  return {};
}

DeviceDuration FileWriter::duration() const {
  return std::max(written_.last, *start_offset_) - *start_offset_;
}

/// Track 1 gets a cue in any case: the stock reader seeks by it.
void FileWriter::complete_cues() {
  if (!first_cluster_ || std::ranges::any_of(cues_, [](const CuePlace& cue) { return cue.track == 1; }))
    return;
  if (!cues_.empty() && cues_.front().position == first_cluster_->position) {
    cues_.front().track = first_cluster_->track;
  } else {
    cues_.insert(cues_.begin(), *first_cluster_);
  }
}

Result<std::optional<std::uint64_t>> FileWriter::append_cues() {
  complete_cues();
  if (cues_.empty()) return std::optional<std::uint64_t>();
  mkv::Output out;
  put_cues(out, cues_, header_.metadata_track(), *start_offset_);
  const std::uint64_t at = end_;
  GENLOCK_TRY(append(out.bytes()));
  return std::optional<std::uint64_t>(at);
}

void FileWriter::add_last_records() {
  if (!news_ || !start_offset_) return;
  add_gaps();
  last_staged_ = std::max(last_staged_, *start_offset_);
  const std::uint64_t at = end_ + staging_.size();
  ClusterSummary cluster =
      put_metadata_cluster(staging_, last_staged_, header_.tracks(), *start_offset_, records_.bytes());
  records_.clear();
  add_summary(std::move(cluster), at);
  last_block_of_records_ = last_staged_;
  news_ = false;
}

Status FileWriter::complete() {
  add_last_records();
  GENLOCK_TRY(flush());
  GENLOCK_TRY(sync());
  if (!start_offset_) return {};
  GENLOCK_TRY(patch(header_.seek_head(std::nullopt)));
  GENLOCK_TRY(patch(header_.duration(duration())));
  return sync();
}

Status FileWriter::finish() {
  return std::exchange(finished_, true) ? Status() : finish_file();
}

Status FileWriter::link_next(const SegmentIdentity::Uid& next) {
  GENLOCK_TRY(patch(header_.next_part(next)));
  return sync();
}

Status FileWriter::finish_file() {
  if (broken_) return finish_after_failure();
  Status status = finish_whole();
  if (!status && broken_) (void)finish_after_failure();
  return status;
}

Status FileWriter::finish_whole() {
  add_last_records();
  GENLOCK_TRY(flush());
  GENLOCK_ASSIGN(const std::optional<std::uint64_t> cues, append_cues());
  GENLOCK_TRY(sync());
  GENLOCK_TRY(patch(header_.seek_head(cues)));
  if (start_offset_) GENLOCK_TRY(patch(header_.duration(duration())));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  return sync();
}

/// Takes away what the failed write left and ends the file as if it had gone no further, telling of the gaps.
/// Where the disk does not allow that, without an index.
Status FileWriter::finish_after_failure() {
  staging_.clear();
  records_.clear();
  records_.append(written_.records);
  cues_.resize(std::min(cues_.size(), written_.cues));
  if (end_ <= header_.bytes().size()) first_cluster_.reset();
  last_staged_ = written_.last;
  news_ = true;
  if (!start_offset_written_) start_offset_.reset();
  if (sink_->truncate(end_)) {
    broken_ = false;
    if (finish_whole()) return {};
    (void)sink_->truncate(end_);
  }
  return finish_broken();
}

Status FileWriter::finish_broken() {
  GENLOCK_TRY(patch(header_.seek_head(std::nullopt)));
  if (start_offset_written_) GENLOCK_TRY(patch(header_.duration(duration())));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  return sync();
}

}  // namespace genlock::recording
