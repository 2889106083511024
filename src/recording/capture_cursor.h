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
/// Where images follow one another so for kReach half periods on both sides of a multiple of 2 kReach half
/// periods of sync time, the run ends there: no recording of frames at the rate that it tells has such a
/// place. Only where more than kLongestRun images are between two such places may both directions differ.
class CaptureCursor {
 public:
  CaptureCursor(ClusterSequence& clusters, const FileLayout& layout);

  void to_start();
  /// Before the first capture that has an image whose sync time is not earlier than `sync_ns`.
  void seek(std::int64_t sync_ns);

  std::optional<CapturePlaces> forward();
  std::optional<CapturePlaces> backward();

  static constexpr std::int64_t kReach = 12;
  static constexpr std::size_t kLongestRun = 65536;

 private:
  using Frames = std::vector<FramePlace>;

  /// A place where a run may end, known once it has gone on behind it for long enough.
  struct Division {
    std::int64_t at_ns;
    std::size_t frames;  ///< of the run up to there
    FrameMerge merge;    ///< there
  };

  std::optional<FramePlace> following(FrameMerge& from, const FramePlace& frame) const;
  std::optional<FramePlace> preceding(FrameMerge& from, const FramePlace& frame) const;
  std::optional<std::int64_t> multiple_between(std::int64_t after_ns, std::int64_t upto_ns) const;
  Frames read_forward(FrameMerge& from) const;
  Frames read_backward(FrameMerge& from) const;
  std::size_t go_back(FrameMerge& from, const FramePlace& next) const;
  std::vector<CapturePlaces> divide(const Frames& run) const;

  std::int64_t half_period_ns_;
  std::int64_t reach_ns_;
  std::vector<CapturePlaces> run_;
  std::size_t at_ = 0;  ///< the position, within the run
  FrameMerge front_;    ///< behind the run
  FrameMerge back_;     ///< before it
};

}  // namespace genlock::recording
