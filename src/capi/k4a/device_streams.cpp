#include <algorithm>
#include <chrono>
#include <limits>

#include "capi/common/enum_number.h"
#include "capi/k4a/api_device.h"
#include "capi/k4a/frames.h"
#include "k4a/k4a.h"

// Starting and stopping cameras and IMU, and reading what they give.

namespace genlock::capi {
namespace {

/// Numbers that are no member stay none: the unit's rules say which one is wrong (facts k4a-abi.md C1).
template <class Own, class Api>
Own member_from(const Api& value) {
  constexpr unsigned kNoMember = std::numeric_limits<std::underlying_type_t<Own>>::max();
  return static_cast<Own>(std::min(number_of(value), kNoMember));
}

CameraConfig camera_config(const k4a_device_configuration_t& config) {
  return {.color_format = member_from<PixelFormat>(config.color_format),
          .color_resolution = member_from<ColorResolution>(config.color_resolution),
          .depth_mode = member_from<DepthMode>(config.depth_mode),
          .rate = member_from<FrameRate>(config.camera_fps),
          .synchronized_images_only = config.synchronized_images_only,
          .depth_delay_off_color = device_us(config.depth_delay_off_color_usec),
          .sync_mode = member_from<WiredSyncMode>(config.wired_sync_mode),
          .delay_off_master = device_us(config.subordinate_delay_off_master_usec),
          .disable_streaming_indicator = config.disable_streaming_indicator};
}

k4a_float3_t api_float3(const std::array<float, 3>& v) {
  return {{v[0], v[1], v[2]}};
}

k4a_imu_sample_t api_sample(const ImuSample& sample) {
  return {.temperature = sample.temperature_c,
          .acc_sample = api_float3(sample.accel),
          .acc_timestamp_usec = static_cast<std::uint64_t>(count_us(sample.accel_time)),
          .gyro_sample = api_float3(sample.gyro),
          .gyro_timestamp_usec = static_cast<std::uint64_t>(count_us(sample.gyro_time))};
}

Result<k4a_wait_result_t> give_capture(device::Device& device, k4a_capture_t* handle, HostDuration timeout) {
  GENLOCK_ASSIGN(std::optional<Capture> capture, device.next_capture(timeout));
  if (!capture) return K4A_WAIT_RESULT_TIMEOUT;
  GENLOCK_ASSIGN(*handle, capture_handle(*std::move(capture)));
  return K4A_WAIT_RESULT_SUCCEEDED;
}

Result<k4a_wait_result_t> give_sample(device::Device& device, k4a_imu_sample_t* out, HostDuration timeout) {
  GENLOCK_ASSIGN(const std::optional<ImuSample> sample, device.next_imu_sample(timeout));
  if (!sample) return K4A_WAIT_RESULT_TIMEOUT;
  *out = api_sample(*sample);
  return K4A_WAIT_RESULT_SUCCEEDED;
}

/// A caller's argument for what is read, with its name.
template <class Item>
struct Place {
  Item* item;
  const char* name;
};

template <class Item>
k4a_wait_result_t read_next(const char* call, k4a_device_t handle, Place<Item> place, std::int32_t timeout_ms,
                            Result<k4a_wait_result_t> (*give)(device::Device&, Item*, HostDuration)) {
  return with_device(call, handle, K4A_WAIT_RESULT_FAILED, [&](ApiDevice& unit) -> Result<k4a_wait_result_t> {
    GENLOCK_TRY(check_pointer(place.item, place.name));
    GENLOCK_ASSIGN(const ApiDevice::Use device, unit.use());
    return give(*device, place.item, std::chrono::milliseconds(timeout_ms));
  });
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_device_start_cameras(k4a_device_t device_handle, const k4a_device_configuration_t* config) {
  return with_device(__func__, device_handle, [&](ApiDevice& device) -> Status {
    GENLOCK_TRY(check_pointer(config, "config"));
    return device.start_cameras(camera_config(*config));
  });
}

void k4a_device_stop_cameras(k4a_device_t device_handle) {
  with_device(__func__, device_handle, [](ApiDevice& handle) -> Status {
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    device->stop_cameras();
    return {};
  });
}

k4a_result_t k4a_device_start_imu(k4a_device_t device_handle) {
  return with_device(__func__, device_handle, [](ApiDevice& device) { return device.start_imu(); });
}

void k4a_device_stop_imu(k4a_device_t device_handle) {
  with_device(__func__, device_handle, [](ApiDevice& handle) -> Status {
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    device->stop_imu();
    return {};
  });
}

k4a_wait_result_t k4a_device_get_capture(k4a_device_t device_handle, k4a_capture_t* capture_handle,
                                         int32_t timeout_in_ms) {
  return read_next(__func__, device_handle, Place<k4a_capture_t>{capture_handle, "capture_handle"},
                   timeout_in_ms, give_capture);
}

k4a_wait_result_t k4a_device_get_imu_sample(k4a_device_t device_handle, k4a_imu_sample_t* imu_sample,
                                            int32_t timeout_in_ms) {
  return read_next(__func__, device_handle, Place<k4a_imu_sample_t>{imu_sample, "imu_sample"}, timeout_in_ms,
                   give_sample);
}

}  // extern "C"
