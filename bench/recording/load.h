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
    std::size_t different = 16;  ///< captures; 16 are more than the nearer caches hold
  };

  explicit Load(Options options);

  static CameraConfig config();
  static recording::RecordingInfo info();

  /// Capture `number` and the samples of its frame time.
  Capture capture(std::size_t number) const;
  std::vector<ImuSample> imu(std::size_t number) const;

  /// Bytes of images and samples of the first `captures`.
  std::uint64_t bytes(std::size_t captures) const;
  std::size_t largest_jpeg() const { return options_.largest_jpeg; }
  /// As many captures as make `gigabytes` (10^9 bytes).
  std::size_t captures_of(double gigabytes) const;

 private:
  const Options options_;
  std::vector<Capture> captures_;
};

std::uint64_t bytes_of(const Capture& capture);

/// Captures as a camera gives them: each in memory of its own, just written. The memory is used again when
/// nobody has the capture any more.
class CameraMemory {
 public:
  /// `load` must outlive this object.
  explicit CameraMemory(const Load& load) : load_(load) {}

  Capture capture(std::size_t number);

 private:
  const Load& load_;
  BufferPool color_, depth_;
};

}  // namespace genlock::bench
