#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "recording/cluster_writer.h"
#include "recording/cues.h"
#include "recording/file_header.h"
#include "recording/gap_log.h"

namespace genlock::recording {

/// Turns windows into a file that is valid after every call, on the caller's thread. After an error nothing
/// more is to be added; finish() still makes the most of what is on disk.
class FileWriter {
 public:
  /// Writes the header.
  static Result<FileWriter> create(std::unique_ptr<ByteSink> sink, FileHeader header);

  /// Puts a window, later than all before it, into the staging buffer. One without frames is kept for the
  /// next block of the GENLOCK track.
  void add(Window window);

  /// What the next block of the GENLOCK track is to tell. After an error too, for finish().
  void note(std::span<const Gap> gaps);

  std::size_t staged_bytes() const { return staging_.size(); }

  /// Writes the staging buffer in one piece.
  Status flush();

  Status sync() { return sink_->sync(); }

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

  /// Bytes known to be in the file.
  std::uint64_t file_bytes() const { return end_; }

 private:
  /// What is known of the clusters in the file; staging runs ahead of it.
  struct Written {
    std::vector<std::byte> records;  ///< not in a block yet
    std::size_t cues = 0;
    DeviceTime last;  ///< latest data
  };

  FileWriter(std::unique_ptr<ByteSink> sink, FileHeader header)
      : sink_(std::move(sink)), header_(std::move(header)) {}

  bool metadata_due(const Window& window, DeviceTime first) const;
  void add_records(const Window& window);
  void add_last_records();
  void add_gaps();
  void add_summary(ClusterSummary cluster, std::uint64_t at);
  Status append(ByteSpan bytes);
  Status patch(const Patch& patch) { return sink_->write_at(patch.offset, patch.bytes); }
  Status write_staged();
  DeviceDuration duration() const;
  void complete_cues();
  Result<std::optional<std::uint64_t>> append_cues();
  Status finish_file();
  Status finish_whole();
  Status finish_broken();
  Status finish_after_failure();

  std::unique_ptr<ByteSink> sink_;
  FileHeader header_;
  std::uint64_t end_ = 0;
  bool finished_ = false;
  bool broken_ = false;  ///< an append failed: what lies behind end_ is unknown
  mkv::Output staging_;
  mkv::Output records_;  ///< of the GENLOCK track, for its next block
  bool news_ = false;    ///< there is something that the last block does not tell
  GapLog gaps_;
  std::optional<DeviceTime> start_offset_;
  bool start_offset_written_ = false;
  DeviceTime last_block_of_records_;
  DeviceTime last_staged_;  ///< latest data
  Written written_;
  std::vector<CuePlace> cues_;
  std::optional<CuePlace> first_cluster_;  ///< the cue where track 1 has no data
};

}  // namespace genlock::recording
