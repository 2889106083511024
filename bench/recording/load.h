#pragma once

#include <vector>

#include "base/capture.h"
#include "recording/recording.h"

namespace genlock::bench {

/// What one unit gives at 30 fps: NFOV unbinned, 1080p MJPEG and 1.6 kHz of IMU samples. The pixels of a few
/// captures are made once and used again and again by reference, so that making them costs nothing.
class Load {
 public:
  struct Options {
    /// Sizes of colour images go from the first to the second.
    std::size_t smallest_jpeg = 350'000, largest_jpeg = 600'000;
  };

  explicit Load(Options options);

  static CameraConfig config();
  static recording::RecordingInfo info();

  /// Capture `number` and the samples of its frame time.
  Capture capture(std::size_t number) const;
  std::vector<ImuSample> imu(std::size_t number) const;

  /// The same capture in memory of its own, as a camera gives it: taken from `pool`.
  Capture fresh_capture(std::size_t number, BufferPool& pool) const;

  /// Bytes of images and samples of the first `captures`.
  std::uint64_t bytes(std::size_t captures) const;
  /// As many captures as make `gigabytes` (10^9 bytes).
  std::size_t captures_of(double gigabytes) const;

 private:
  std::vector<Capture> captures_;
};

std::uint64_t bytes_of(const Capture& capture);

}  // namespace genlock::bench
