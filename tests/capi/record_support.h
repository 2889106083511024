#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "k4a/k4a.h"
#include "k4arecord/record.h"

// A program's side of recording: captures and samples made through the C functions.

namespace genlock::test {

inline constexpr k4a_result_t kOk = K4A_RESULT_SUCCEEDED;
inline constexpr k4a_result_t kFailed = K4A_RESULT_FAILED;

/// Pixels of an image to be recorded. Every byte follows from `seed` and its place.
struct Pixels {
  k4a_image_format_t format;
  int width, height;
  std::size_t bytes;
  std::uint64_t time_us;
  unsigned seed = 1;
};

std::vector<std::uint8_t> pixel_bytes(const Pixels& pixels);

/// What goes into the slots of a capture; a slot without is left empty.
struct CaptureContent {
  std::optional<Pixels> color, depth, ir;
};

/// NFOV 2x2 binned, 720p MJPG of a few bytes, 30 fps.
k4a_device_configuration_t small_device_config();

/// All three images of such a unit at one time.
CaptureContent small_capture(std::uint64_t time_us, unsigned seed = 1);

/// The handle of a new capture; release it.
k4a_capture_t make_capture(const CaptureContent& content);

/// Writes one and lets go of it.
k4a_result_t write_capture(k4a_record_t recording, const CaptureContent& content);

/// Accelerometer at `time_us`, gyroscope 7 us behind it.
k4a_imu_sample_t make_sample(std::uint64_t time_us);

/// A recording that is closed at the end of its scope at the latest.
class OpenRecording {
 public:
  OpenRecording(const std::filesystem::path& path, const k4a_device_configuration_t& config);
  ~OpenRecording() { close(); }
  OpenRecording(const OpenRecording&) = delete;
  OpenRecording& operator=(const OpenRecording&) = delete;

  k4a_record_t handle() const { return handle_; }
  void close();

 private:
  k4a_record_t handle_ = nullptr;
};

}  // namespace genlock::test
