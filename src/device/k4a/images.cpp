#include "device/k4a/images.h"

#include <fmt/core.h>

#include <cmath>
#include <memory>

namespace genlock::device::k4a {
namespace {

/// Owns an image handle of a library.
class ImageHandle {
 public:
  ImageHandle(const Library& library, k4a_image_t handle) : library_(library), handle_(handle) {}
  ImageHandle(const ImageHandle&) = delete;
  ImageHandle& operator=(const ImageHandle&) = delete;
  ~ImageHandle() { library_.api().image_release(handle_); }

 private:
  const Library& library_;
  const k4a_image_t handle_;
};

Error wrong(const std::string& what) {
  return Error(Errc::corrupt, what);
}

}  // namespace

CaptureReader::CaptureReader(const Library& library, const CameraConfig& config, Clock& clock,
                             Complaint complain)
    : library_(library),
      api_(library.api()),
      config_(config),
      clock_(clock),
      complain_(std::move(complain)) {}

Capture CaptureReader::read(const CaptureHandle& from) {
  Capture capture;
  capture.color = image(from, api_.capture_get_color_image, Side::color);
  capture.depth = image(from, api_.capture_get_depth_image, Side::depth);
  capture.ir = image(from, api_.capture_get_ir_image, Side::ir);
  // Orbbec's library gives 0 for a temperature that its units do not tell (facts device.md 8).
  if ((capture.depth || capture.ir) && library_.vendor() != Vendor::orbbec)
    capture.temperature_c = api_.capture_get_temperature_c(from.get());
  return capture;
}

std::optional<Image> CaptureReader::image(const CaptureHandle& capture, Getter get, Side side) {
  const k4a_image_t handle = get(capture.get());
  if (handle == nullptr) return std::nullopt;
  auto read = checked(handle, std::make_shared<const ImageHandle>(library_, handle), side);
  if (read) return *std::move(read);
  constexpr const char* kNames[] = {"color", "depth", "ir"};
  complain_(fmt::format("{} frames are left out that are not what was asked for: {}",
                        kNames[static_cast<int>(side)], read.error().message()));
  return std::nullopt;
}

Result<Image> CaptureReader::checked(k4a_image_t handle, std::shared_ptr<const void> owner, Side side) {
  const bool color = side == Side::color;
  if (side == Side::depth ? !has_depth_image(config_.depth_mode)
                          : !(color ? config_.color_on() : config_.depth_on()))
    return wrong("an image of a camera that is off");
  Image image;
  image.format = color ? config_.color_format : side == Side::ir ? PixelFormat::ir16 : PixelFormat::depth16;
  const auto format = static_cast<std::uint32_t>(api_.image_get_format(handle));
  if (format != static_cast<std::uint32_t>(image.format))
    return wrong(fmt::format("format number {} instead of {}", format, to_string(image.format)));
  image.size = color ? image_size(config_.color_resolution) : image_size(config_.depth_mode);
  const Size size{api_.image_get_width_pixels(handle), api_.image_get_height_pixels(handle)};
  if (size != image.size)
    return wrong(fmt::format("{}x{} pixels instead of {}x{}", size.width, size.height, image.size.width,
                             image.size.height));
  image.stride = stride_bytes(image.format, image.size.width);
  GENLOCK_ASSIGN(image.data, pixels(handle, std::move(owner), image.format, image.size));
  image.device_time = device_time_us(static_cast<std::int64_t>(api_.image_get_device_timestamp_usec(handle)));
  image.host_time = host_time(handle);
  if (color) add_color_settings(handle, image);
  return image;
}

/// Rows without padding, as many bytes as the format needs. A stride of 0 means that there is none, whatever
/// the format (facts k4a-abi.md F2).
Result<Buffer> CaptureReader::pixels(k4a_image_t handle, std::shared_ptr<const void> owner,
                                     PixelFormat format, Size size) {
  const int stride = api_.image_get_stride_bytes(handle);
  const int expected = stride_bytes(format, size.width);
  if (stride != 0 && stride != expected)
    return wrong(fmt::format("rows of {} bytes instead of {}", stride, expected));
  const std::uint8_t* bytes = api_.image_get_buffer(handle);
  const std::size_t have = api_.image_get_size(handle);
  const std::size_t need = format == PixelFormat::mjpg ? have : image_bytes(format, size);
  if (bytes == nullptr || have == 0 || have < need)
    return wrong(fmt::format("{} bytes instead of {}", have, std::max<std::size_t>(need, 1)));
  return Buffer::shared(std::move(owner), ByteSpan(reinterpret_cast<const std::byte*>(bytes), need));
}

/// Microsoft's stamps are of the monotonic clock, Orbbec's the wall clock's (facts k4a-abi.md C2, B5). Now
/// where there is none.
HostTime CaptureReader::host_time(k4a_image_t handle) const {
  const auto stamp = static_cast<std::int64_t>(api_.image_get_system_timestamp_nsec(handle));
  const HostTime now = clock_.now();
  if (stamp <= 0) return now;
  if (library_.vendor() != Vendor::orbbec) return HostTime(HostDuration(stamp));
  return now - std::max(clock_.wall_now() - WallTime(std::chrono::nanoseconds(stamp)), HostDuration::zero());
}

void CaptureReader::add_color_settings(k4a_image_t handle, Image& image) const {
  if (const auto us = api_.image_get_exposure_usec(handle); us > 0)
    image.exposure = device_us(static_cast<std::int64_t>(us));
  if (const auto kelvin = api_.image_get_white_balance(handle); kelvin > 0) image.white_balance = kelvin;
  if (const auto iso = api_.image_get_iso_speed(handle); iso > 0) image.iso = iso;
}

}  // namespace genlock::device::k4a
