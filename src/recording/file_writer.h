#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "recording/cluster_writer.h"
#include "recording/file_header.h"

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

  std::size_t staged_bytes() const { return staging_.size(); }

  /// Writes the staging buffer in one piece.
  Status flush();

  Status sync() { return sink_->sync(); }

  /// Writes everything given so far and makes the file complete as it stands, but for an index and the
  /// segment's size, which more clusters would make wrong. Adding goes on behind it.
  Status complete();

  /// Fills in what is known only now: index, duration, sizes.
  Status finish();

  /// Bytes known to be in the file.
  std::uint64_t file_bytes() const { return end_; }

 private:
  struct Cue {
    DeviceTime time;
    std::uint64_t track = 0;
    std::uint64_t cluster_at = 0;
  };

  FileWriter(std::unique_ptr<ByteSink> sink, FileHeader header)
      : sink_(std::move(sink)), header_(std::move(header)) {}

  void add_records(const Window& window);
  void add_last_records();
  void add_cue(const ClusterSummary& cluster, std::uint64_t at);
  Status append(ByteSpan bytes);
  Status patch(const Patch& patch) { return sink_->write_at(patch.offset, patch.bytes); }
  Result<std::optional<std::uint64_t>> append_cues();
  Status finish_broken();

  std::unique_ptr<ByteSink> sink_;
  FileHeader header_;
  std::uint64_t end_ = 0;
  bool broken_ = false;  ///< an append failed: what lies behind end_ is unknown
  mkv::Output staging_;
  mkv::Output records_;  ///< of the GENLOCK track, for its next block
  std::optional<DeviceTime> start_offset_;
  bool start_offset_written_ = false;
  DeviceTime last_block_of_records_;
  DeviceTime last_staged_, last_written_;  ///< latest data
  std::vector<Cue> cues_;
  std::optional<Cue> fallback_cue_;  ///< where track 1 has no data
};

}  // namespace genlock::recording
