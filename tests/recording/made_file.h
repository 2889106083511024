#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/camera.h"
#include "recording/format.h"

// Recordings put together element by element, for what no recorder writes.

namespace genlock::test {

struct MadeTrack {
  std::uint64_t number = 0;
  std::string name;
  std::uint64_t type = recording::kTrackTypeSubtitle;
  std::string codec = "S_TEST";
  std::string codec_private;
  Size size;
  std::uint64_t period_ns = 0;
};

/// Of the unit, with the pixels' kind as its CodecPrivate.
MadeTrack video_track(std::uint64_t number, std::string_view name, PixelFormat format, Size size, int fps);
MadeTrack imu_track(std::uint64_t number);

struct MadeBlock {
  std::uint64_t track = 0;
  std::int64_t time_us = 0;         ///< file time
  std::vector<std::string> frames;  ///< several are laced
  std::int64_t duration_us = 0;     ///< 0: a SimpleBlock
};

/// The 40 bytes of a sample whose two times are this device time.
std::string imu_bytes(std::int64_t time_us);

struct MadeFile {
  std::vector<MadeTrack> tracks;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<std::pair<std::string, std::string>> attachments;
  std::vector<std::vector<MadeBlock>> clusters;  ///< each gets the time of its first block
  /// A cue point for every one of so many clusters; 0: no cues.
  std::size_t cue_every = 0;

  /// Segment UIDs as text of up to 16 characters; empty: none.
  std::string uid, previous_uid, next_uid;

  std::vector<std::byte> bytes() const;
};

}  // namespace genlock::test
