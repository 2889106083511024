#include "capi/k4arecord/record_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "base/clock.h"
#include "capi/common/enum_number.h"

namespace genlock::capi {
namespace {

Version version_from(const k4a_version_t& version) {
  return {version.major, version.minor, version.iteration};
}

/// Empty if it cannot be had, which is no error.
std::string serial_number(k4a_device_t device) {
  std::size_t size = 0;
  if (k4a_device_get_serialnum(device, nullptr, &size) != K4A_BUFFER_RESULT_TOO_SMALL) return {};
  std::string text(size, '\0');
  if (k4a_device_get_serialnum(device, text.data(), &size) != K4A_BUFFER_RESULT_SUCCEEDED) return {};
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

Result<Buffer> raw_calibration(k4a_device_t device) {
  const Error failed(Errc::io, "the unit's calibration cannot be read");
  std::size_t size = 0;
  if (k4a_device_get_raw_calibration(device, nullptr, &size) != K4A_BUFFER_RESULT_TOO_SMALL) return failed;
  std::vector<std::byte> blob(size);
  auto* const bytes = reinterpret_cast<std::uint8_t*>(blob.data());
  if (k4a_device_get_raw_calibration(device, bytes, &size) != K4A_BUFFER_RESULT_SUCCEEDED) return failed;
  blob.resize(std::min(size, blob.size()));
  // Some libraries count a terminating NUL, some do not; the file has none.
  while (!blob.empty() && blob.back() == std::byte{0}) blob.pop_back();
  return Buffer::from_vector(std::move(blob));
}

/// A system timestamp is CLOCK_MONOTONIC with the vendor's units, wall time with others, and 0 where there is
/// none. Only what may be the first is kept.
std::optional<HostTime> host_time(std::uint64_t system_timestamp_ns) {
  if (system_timestamp_ns == 0 ||
      system_timestamp_ns > static_cast<std::uint64_t>(count_ns(system_clock().now())))
    return std::nullopt;
  return HostTime(HostDuration(static_cast<std::int64_t>(system_timestamp_ns)));
}

/// 0 stands for unknown.
template <class T>
std::optional<T> known(T value) {
  return value != T{} ? std::optional<T>(value) : std::nullopt;
}

ByteSpan bytes_of(k4a_image_t image) {
  if (image == nullptr) return {};
  const auto* const pixels = reinterpret_cast<const std::byte*>(k4a_image_get_buffer(image));
  return pixels != nullptr ? ByteSpan(pixels, k4a_image_get_size(image)) : ByteSpan();
}

/// Nothing for an image without bytes.
std::optional<Image> image_like(k4a_image_t from, Buffer pixels) {
  if (pixels.empty()) return std::nullopt;
  Image image;
  image.format = static_cast<PixelFormat>(k4a_image_get_format(from));
  image.size = {k4a_image_get_width_pixels(from), k4a_image_get_height_pixels(from)};
  image.stride = k4a_image_get_stride_bytes(from);
  image.data = std::move(pixels);
  image.device_time = device_time_us(static_cast<std::int64_t>(k4a_image_get_device_timestamp_usec(from)));
  image.host_time = host_time(k4a_image_get_system_timestamp_nsec(from));
  return image;
}

std::optional<Image> color_image_like(k4a_image_t from, Buffer pixels) {
  std::optional<Image> image = image_like(from, std::move(pixels));
  if (!image) return std::nullopt;
  image->exposure = known(device_us(static_cast<std::int64_t>(k4a_image_get_exposure_usec(from))));
  image->white_balance = known(k4a_image_get_white_balance(from));
  image->iso = known(k4a_image_get_iso_speed(from));
  return image;
}

Status describe_device(k4a_device_t device, recording::RecordingInfo& info) {
  k4a_hardware_version_t version{};
  if (k4a_device_get_version(device, &version) != K4A_RESULT_SUCCEEDED)
    return Error(Errc::io, "the unit's firmware versions cannot be read");
  info.color_firmware = version_from(version.rgb);
  info.depth_firmware = version_from(version.depth);
  GENLOCK_ASSIGN(info.raw_calibration, raw_calibration(device));
  info.serial = serial_number(device);
  info.simulated = is_simulated_serial(info.serial);
  return {};
}

/// One of the values 0 to `last`, which are the same in the ABI and here.
template <class Own, class Api>
Result<Own> known_value(const char* what, const Api& value, Api last) {
  const unsigned number = number_of(value);
  if (number <= static_cast<unsigned>(last)) return static_cast<Own>(number);
  return Error(Errc::invalid, fmt::format("{} {} cannot be recorded", what, number));
}

}  // namespace

Result<CameraConfig> camera_config(const k4a_device_configuration_t& config) {
  CameraConfig made{.synchronized_images_only = config.synchronized_images_only,
                    .depth_delay_off_color = device_us(config.depth_delay_off_color_usec),
                    .delay_off_master = device_us(config.subordinate_delay_off_master_usec),
                    .disable_streaming_indicator = config.disable_streaming_indicator};
  GENLOCK_ASSIGN(made.rate,
                 known_value<FrameRate>("frame rate", config.camera_fps, K4A_FRAMES_PER_SECOND_30));
  GENLOCK_ASSIGN(
      made.color_resolution,
      known_value<ColorResolution>("colour resolution", config.color_resolution, K4A_COLOR_RESOLUTION_3072P));
  GENLOCK_ASSIGN(made.depth_mode,
                 known_value<DepthMode>("depth mode", config.depth_mode, K4A_DEPTH_MODE_PASSIVE_IR));
  GENLOCK_ASSIGN(made.sync_mode, known_value<WiredSyncMode>("sync mode", config.wired_sync_mode,
                                                            K4A_WIRED_SYNC_MODE_SUBORDINATE));
  if (!made.color_on()) return made;
  GENLOCK_ASSIGN(made.color_format, known_value<PixelFormat>("colour format", config.color_format,
                                                             K4A_IMAGE_FORMAT_COLOR_BGRA32));
  return made;
}

Result<recording::RecordingInfo> recording_info(const CameraConfig& config, k4a_device_t device) {
  recording::RecordingInfo info;
  info.config = config;
  info.color_track = config.color_on();
  info.depth_track = has_depth_image(config.depth_mode);
  info.ir_track = config.depth_on();
  info.host = this_host();
  if (device != nullptr) GENLOCK_TRY(describe_device(device, info));
  return info;
}

CaptureSource::CaptureSource(k4a_capture_t capture)
    : color_(k4a_capture_get_color_image(capture)),
      depth_(k4a_capture_get_depth_image(capture)),
      ir_(k4a_capture_get_ir_image(capture)),
      temperature_c_(k4a_capture_get_temperature_c(capture)) {}

std::size_t CaptureSource::bytes() const {
  return bytes_of(color_.get()).size() + bytes_of(depth_.get()).size() + bytes_of(ir_.get()).size();
}

Capture CaptureSource::copy(CopyPool& pool) const {
  auto [color, depth, ir] =
      pool.copies_of({bytes_of(color_.get()), bytes_of(depth_.get()), bytes_of(ir_.get())});
  Capture copy;
  copy.color = color_image_like(color_.get(), std::move(color));
  copy.depth = image_like(depth_.get(), std::move(depth));
  copy.ir = image_like(ir_.get(), std::move(ir));
  copy.temperature_c = temperature_c_;
  return copy;
}

ImuSample imu_sample(const k4a_imu_sample_t& sample) {
  ImuSample made;
  std::ranges::copy(sample.acc_sample.v, made.accel.begin());
  std::ranges::copy(sample.gyro_sample.v, made.gyro.begin());
  made.accel_time = device_time_us(static_cast<std::int64_t>(sample.acc_timestamp_usec));
  made.gyro_time = device_time_us(static_cast<std::int64_t>(sample.gyro_timestamp_usec));
  return made;
}

}  // namespace genlock::capi
