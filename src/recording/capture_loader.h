#pragma once

#include "recording/capture_cursor.h"
#include "recording/pixel_reader.h"
#include "recording/record_finder.h"

namespace genlock::recording {

/// Reads the pixels of captures into memory that it recycles, and adds what the GENLOCK track knows of them.
/// All outlive it.
class CaptureLoader {
 public:
  CaptureLoader(std::vector<std::unique_ptr<Part>>& parts, ClusterSequence& clusters)
      : parts_(parts), records_(parts, clusters) {}

  /// Images that cannot be read are left out; Input::status() of their part says why.
  Capture load(const CapturePlaces& places);

 private:
  WritableBuffer memory_for(const FramePlace& place);
  const VideoTrack& track_of(const FramePlace& place) const;
  Image image_of(const FramePlace& place, Buffer pixels, float& temperature_c);

  std::vector<std::unique_ptr<Part>>& parts_;
  RecordFinder records_;
  PixelReader pixels_;
  std::array<BufferPool, 3> pools_;       ///< by TrackKind, as images of a track have about one size
  std::array<std::size_t, 3> largest_{};  ///< image so far, rounded up
};

}  // namespace genlock::recording
