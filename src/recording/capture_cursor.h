#pragma once

#include <array>
#include <vector>

#include "recording/frame_merge.h"

namespace genlock::recording {

/// The images of one capture where they lie in the file, by TrackKind.
struct CapturePlaces {
  std::array<std::optional<FramePlace>, 3> images;
  std::int64_t first_ns = 0, last_ns = 0;  ///< sync times
};

/// A position between two captures. Which images are one capture does not depend on where reading began or
/// which way it goes: images less than half a frame period after one another are a run, and a run is divided
/// from its start, the earliest image and those of the other tracks within half a period making one capture.
/// Where frame times are so odd that a run does not end, it is cut after kLongestRun images, and only then
/// may both directions differ.
class CaptureCursor {
 public:
  CaptureCursor(ClusterSequence& clusters, const FileLayout& layout);

  void to_start();
  /// Before the first capture that has an image whose sync time is not earlier than `sync_ns`.
  void seek(std::int64_t sync_ns);

  std::optional<CapturePlaces> forward();
  std::optional<CapturePlaces> backward();

  static constexpr std::size_t kLongestRun = 24;

 private:
  using Frames = std::vector<FramePlace>;

  Frames read_forward(FrameMerge& from) const;
  Frames read_backward(FrameMerge& from) const;
  std::vector<CapturePlaces> divide(const Frames& run) const;

  std::int64_t half_period_ns_;
  std::vector<CapturePlaces> run_;
  std::size_t at_ = 0;  ///< the position, within the run
  FrameMerge front_;    ///< behind the run
  FrameMerge back_;     ///< before it
};

}  // namespace genlock::recording
