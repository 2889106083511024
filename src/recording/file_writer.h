#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "recording/cluster_writer.h"
#include "recording/cues.h"
#include "recording/file_header.h"
#include "recording/gap_log.h"

namespace genlock::recording {

/// Turns windows into a file that is valid after every call, on the caller's thread. Clusters are put
/// together in memory of the sink, which writes them while the next ones are added. After an error nothing
/// more is to be added, and file_bytes() says what has been kept; finish() makes the most of that.
class FileWriter {
 public:
  /// Writes the header. Keeps some space of the disk back for finish().
  static Result<FileWriter> create(std::unique_ptr<ByteSink> sink, FileHeader header,
                                   const WriterOptions& options);

  /// Adds a window, later than all before it, as a cluster. One without frames is kept for the next block of
  /// the GENLOCK track. Errc::no_space when only the space for finish() is left.
  Status add(Window window) { return add_cluster(std::move(window), false); }

  /// The same for one that nothing follows for now: its cluster begins with a GENLOCK block of all that is
  /// still to be told, so that complete() and finish() need no cluster of their own for that. Such a one
  /// misleads the stock reader's seeks to the end.
  Status add_last(Window window) { return add_cluster(std::move(window), true); }

  /// What the next block of the GENLOCK track is to tell. After an error too, for finish().
  void note(std::span<const Gap> gaps);

  /// Sends off what was added, without waiting for it: when nothing more is there to be added at once.
  Status send();

  Status start_sync();
  Status sync();

  /// Takes note of what got to the disk: whether something is still under way.
  Result<bool> poll();

  /// Writes everything given so far and makes the file complete as it stands, but for an index and the
  /// segment's size, which more clusters would make wrong. Adding goes on behind it.
  Status complete();

  /// Fills in what is known only now: index, duration, sizes. After an error, of what got to the disk. Once.
  Status finish();

  /// Says in the finished file which one goes on with the recording.
  Status link_next(const SegmentIdentity::Uid& next);

  const SegmentIdentity& identity() const { return header_.identity(); }

  /// Device time of file time 0, once there is a frame.
  std::optional<DeviceTime> start_offset() const { return start_offset_; }

  std::string_view write_method() const { return sink_->method_name(); }

  /// Where the file ends once all that was added is written.
  std::uint64_t end() const { return end_; }

  /// Up to here the file is known to be written, in whole clusters.
  std::uint64_t file_bytes() const { return written_.end; }

  /// Whether a cluster is known to be written.
  bool has_clusters() const { return written_.end > header_.bytes().size(); }

 private:
  /// The state after a cluster, to go back to if the next does not get to the disk.
  struct Mark {
    std::uint64_t end = 0;
    std::vector<std::byte> records;  ///< not in a block yet
    std::size_t cues = 0;
    DeviceTime last;  ///< latest data
  };

  FileWriter(std::unique_ptr<ByteSink> sink, FileHeader header, bool cluster_crc)
      : sink_(std::move(sink)), header_(std::move(header)), cluster_crc_(cluster_crc) {}

  Status add_cluster(Window window, bool last);
  bool metadata_due(const Window& window, DeviceTime first) const;
  void add_records(const Window& window);
  Status add_last_records(std::uint64_t kept_back);
  void add_gaps();
  void add_summary(ClusterSummary cluster, std::uint64_t at);
  std::uint64_t reserve_for_finish() const;
  template <class PutCluster>
  Result<ClusterSummary> place(std::size_t bound, std::uint64_t kept_back, PutCluster put);
  void mark();
  void settle();
  Status note_failure(Status status);
  Status append(ByteSpan bytes);
  Status patch(const Patch& patch) { return sink_->write_at(patch.offset, patch.bytes); }
  Status write_start_offset();
  DeviceDuration duration() const;
  void complete_cues();
  Result<std::optional<std::uint64_t>> append_cues();
  Status finish_file();
  Status finish_whole();
  Status finish_broken();
  Status finish_after_failure();
  void go_back();

  std::unique_ptr<ByteSink> sink_;
  FileHeader header_;
  bool cluster_crc_;
  std::uint64_t end_ = 0;
  bool finished_ = false;
  bool failed_ = false;  ///< the last that was added is not in the file
  bool broken_ = false;  ///< a write failed: what lies behind file_bytes() is unknown
  mkv::Output records_;  ///< of the GENLOCK track, for its next block
  bool news_ = false;    ///< there is something that the last block does not tell
  GapLog gaps_;
  std::optional<DeviceTime> start_offset_;
  std::optional<std::int64_t> first_pulse_;  ///< of the images with it
  bool start_offset_written_ = false;
  DeviceTime last_block_of_records_;
  DeviceTime last_placed_;   ///< latest data
  std::deque<Mark> placed_;  ///< clusters that may not be in the file yet
  Mark written_;
  std::vector<CuePlace> cues_;
  std::optional<CuePlace> first_cluster_;  ///< the cue where track 1 has no data
};

}  // namespace genlock::recording
