#include "recording/file_writer.h"

#include <algorithm>
#include <utility>

#include "recording/writer.h"

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

std::optional<std::int64_t> first_pulse(const Window& window) {
  std::optional<std::int64_t> first;
  for (const PendingImage& pending : window.images)
    if (const auto pulse = pending.image.pulse) first = std::min(first.value_or(*pulse), *pulse);
  return first;
}

/// Kept back on the disk for the end of the file besides what is known to come: hours of cues.
constexpr std::uint64_t kFinishBytes = std::uint64_t{1} << 20;

void fill_with_void(MutableByteSpan out) {
  mkv::Output place(out);
  mkv::ElementWriter(place).put_void(out.size());
}

}  // namespace

Result<FileWriter> FileWriter::create(std::unique_ptr<ByteSink> sink, FileHeader header,
                                      const WriterOptions& options) {
  FileWriter writer(std::move(sink), std::move(header), options.cluster_crc);
  writer.sink_->pad_with(fill_with_void);
  const ByteSpan bytes = writer.header_.bytes();
  GENLOCK_TRY(writer.sink_->reserve(bytes.size() + kFinishBytes));
  GENLOCK_TRY(writer.append(bytes));
  writer.written_.end = writer.end_;
  return writer;
}

Status FileWriter::add_cluster(Window window, bool last) {
  add_records(window);
  if (!window.has_frames()) return {};
  const DeviceTime first = first_time(window);
  if (!start_offset_) {
    start_offset_ = last_block_of_records_ = first;
    first_pulse_ = first_pulse(window);
  }
  const bool with_records = last || metadata_due(window, first);
  if (with_records) add_gaps();
  const ByteSpan records = with_records ? records_.bytes() : ByteSpan();
  const std::uint64_t at = end_;
  GENLOCK_ASSIGN(ClusterSummary cluster,
                 place(cluster_bound(window, records), reserve_for_finish(), [&](mkv::Output& out) {
                   return put_cluster(out, window, {header_.tracks(), *start_offset_, records, cluster_crc_});
                 }));
  if (with_records) {
    records_.clear();
    last_block_of_records_ = first;
    news_ = false;
  }
  last_placed_ = std::max(last_placed_, cluster.last);
  add_summary(std::move(cluster), at);
  mark();
  return {};
}

std::uint64_t FileWriter::reserve_for_finish() const {
  constexpr std::uint64_t kMostPerCue = 64;
  return kFinishBytes + records_.size() + cues_.size() * kMostPerCue;
}

/// Puts a cluster of at most `bound` bytes at the end, if `kept_back` bytes are left behind it. A disk that
/// is full is found out before anything is written.
template <class PutCluster>
Result<ClusterSummary> FileWriter::place(std::size_t bound, std::uint64_t kept_back, PutCluster put) {
  GENLOCK_TRY(write_start_offset());
  if (const Status reserved = sink_->reserve(bound + kept_back); !reserved) {
    (void)sync();
    failed_ = true;
    return reserved.error();
  }
  const Result<MutableByteSpan> room = sink_->room(bound);
  GENLOCK_TRY(note_failure(room ? Status() : Status(room.error())));
  mkv::Output out(*room);
  ClusterSummary summary = put(out);
  const bool in_room = out.in_borrowed_memory();
  GENLOCK_TRY(note_failure(in_room ? sink_->commit(out.size()) : sink_->append(out.bytes())));
  end_ += out.size();
  return summary;
}

Status FileWriter::write_start_offset() {
  if (start_offset_written_) return {};
  GENLOCK_TRY(note_failure(patch(header_.start_offset(*start_offset_, first_pulse_))));
  GENLOCK_TRY(sync());
  start_offset_written_ = true;
  return {};
}

void FileWriter::mark() {
  const ByteSpan records = records_.bytes();
  placed_.push_back({end_, {records.begin(), records.end()}, cues_.size(), last_placed_});
}

void FileWriter::settle() {
  const std::uint64_t known = sink_->written();
  for (; !placed_.empty() && placed_.front().end <= known; placed_.pop_front())
    written_ = std::move(placed_.front());
}

Status FileWriter::note_failure(Status status) {
  settle();
  if (!status) failed_ = broken_ = true;
  return status;
}

Status FileWriter::send() {
  return note_failure(sink_->push());
}
Status FileWriter::start_sync() {
  return note_failure(sink_->start_sync());
}
Status FileWriter::sync() {
  return note_failure(sink_->sync());
}

Result<bool> FileWriter::poll() {
  const Result<bool> under_way = sink_->poll();
  GENLOCK_TRY(note_failure(under_way ? Status() : Status(under_way.error())));
  return under_way;
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
  GENLOCK_TRY(note_failure(sink_->append(bytes)));
  end_ += bytes.size();
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

Status FileWriter::add_last_records(std::uint64_t kept_back) {
  if (!news_ || !start_offset_) return {};
  add_gaps();
  last_placed_ = std::max(last_placed_, *start_offset_);
  const std::uint64_t at = end_;
  const ByteSpan records = records_.bytes();
  GENLOCK_ASSIGN(ClusterSummary cluster, place(cluster_bound({}, records), kept_back, [&](mkv::Output& out) {
                   return put_metadata_cluster(out, last_placed_,
                                               {header_.tracks(), *start_offset_, records, cluster_crc_});
                 }));
  records_.clear();
  add_summary(std::move(cluster), at);
  last_block_of_records_ = last_placed_;
  news_ = false;
  mark();
  return {};
}

Status FileWriter::complete() {
  GENLOCK_TRY(add_last_records(reserve_for_finish()));
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
  if (failed_) return finish_after_failure();
  Status status = finish_whole();
  if (!status && failed_) (void)finish_after_failure();
  return status;
}

Status FileWriter::finish_whole() {
  GENLOCK_TRY(add_last_records(0));  // what was kept back is for this
  GENLOCK_ASSIGN(const std::optional<std::uint64_t> cues, append_cues());
  const Status cut = sink_->truncate(end_);
  GENLOCK_TRY(sync());
  GENLOCK_TRY(patch(header_.seek_head(cues)));
  if (start_offset_) GENLOCK_TRY(patch(header_.duration(duration())));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  GENLOCK_TRY(sync());
  written_.end = end_;
  return cut;
}

/// Ends the file as if it had gone no further than what got to the disk, telling of the gaps. What a failed
/// write left is taken away; where the disk does not allow that, there is no index.
Status FileWriter::finish_after_failure() {
  if (!broken_) (void)sync();
  go_back();
  if (!broken_ || sink_->truncate(end_)) {
    failed_ = broken_ = false;
    if (finish_whole()) return {};
    go_back();
    (void)sink_->truncate(end_);
  }
  return finish_broken();
}

/// To the state after the last cluster that is in the file.
void FileWriter::go_back() {
  settle();
  placed_.clear();
  end_ = written_.end;
  records_.clear();
  records_.append(written_.records);
  cues_.resize(std::min(cues_.size(), written_.cues));
  if (end_ <= header_.bytes().size()) first_cluster_.reset();
  last_placed_ = written_.last;
  news_ = true;
  if (!start_offset_written_) start_offset_.reset();
}

Status FileWriter::finish_broken() {
  GENLOCK_TRY(patch(header_.seek_head(std::nullopt)));
  if (start_offset_written_) GENLOCK_TRY(patch(header_.duration(duration())));
  GENLOCK_TRY(patch(header_.segment_size(end_)));
  return sync();
}

}  // namespace genlock::recording
