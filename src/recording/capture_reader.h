#pragma once

#include <array>
#include <deque>
#include <optional>

#include "recording/block_walker.h"
#include "recording/file_layout.h"
#include "recording/metadata_index.h"

namespace genlock::recording {

/// A stored image of the right size for its track.
struct StoredFrame {
  TrackKind track = TrackKind::color;
  DeviceTime device_time;
  std::int64_t sync_ns = 0;  ///< file time plus the track's delay: what captures are grouped by
  mkv::Extent pixels;
};

/// The video track a block belongs to.
std::optional<TrackKind> video_track_of(const FileLayout& layout, const StoredBlock& block);

/// The image of a block of that track; nothing, and a problem noted, if it has not the bytes its format
/// needs.
std::optional<StoredFrame> stored_frame(mkv::Input& input, const FileLayout& layout, TrackKind track,
                                        const StoredBlock& block);

/// Groups the images of a file into captures. `source` and `layout` must outlive it.
class CaptureReader {
 public:
  CaptureReader(const ByteSource& source, const FileLayout& layout);

  /// Nothing at the end.
  Result<std::optional<Capture>> next();

  std::vector<std::string> problems() const { return input_.problems(); }

 private:
  bool must_read_on() const;
  void read_on();
  std::optional<std::int64_t> earliest() const;
  Capture take_capture(std::int64_t first);
  std::optional<Image> load(const StoredFrame& frame, float& temperature_c);

  mkv::Input input_;
  const FileLayout& layout_;
  BlockWalker walker_;
  BufferPool pool_;
  FrameRecords records_;
  std::array<std::deque<StoredFrame>, 3> waiting_;  ///< by TrackKind
  std::int64_t reached_ns_ = 0;                     ///< latest file time that was read
  bool at_end_ = false;
};

}  // namespace genlock::recording
