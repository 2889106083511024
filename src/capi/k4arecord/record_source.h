#pragma once

#include <memory>
#include <type_traits>

#include "base/capture.h"
#include "capi/k4arecord/copy_pool.h"
#include "k4a/k4a.h"
#include "recording/recording.h"

// What a recording takes from the libk4a that the program runs with: through its public functions alone, so
// that any libk4a.so.1.4 will do.

namespace genlock::capi {

/// A start configuration as a recording knows it. Only what a recording needs is checked (facts k4a-abi.md
/// B10).
Result<CameraConfig> camera_config(const k4a_device_configuration_t& config);

/// What the file says of the unit: with a device its serial number, versions and calibration, without one
/// nothing.
Result<recording::RecordingInfo> recording_info(const CameraConfig& config, k4a_device_t device);

/// The images of a capture, held until they have been copied; images without bytes count for nothing.
class CaptureSource {
 public:
  explicit CaptureSource(k4a_capture_t capture);

  std::size_t bytes() const;
  Capture copy(CopyPool& pool) const;

 private:
  struct ReleaseImage {
    void operator()(k4a_image_t image) const { k4a_image_release(image); }
  };
  using OwnedImage = std::unique_ptr<std::remove_pointer_t<k4a_image_t>, ReleaseImage>;

  OwnedImage color_, depth_, ir_;
  float temperature_c_ = 0;
};

ImuSample imu_sample(const k4a_imu_sample_t& sample);

}  // namespace genlock::capi
