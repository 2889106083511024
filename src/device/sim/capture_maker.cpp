#include "device/sim/capture_maker.h"

#include "device/sim/warm_up.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kIso = 100;

Image image(const Frame& frame, const CaptureOrder& order, PixelFormat format, Size size, Buffer data) {
  Image made{
      .format = format, .size = size, .stride = stride_bytes(format, size.width), .data = std::move(data)};
  made.device_time = DeviceTime(api_time(frame.stamp));
  made.host_time = order.host.shows(frame.delivery);
  return made;
}

Status add_color(Capture& capture, const Frame& frame, const CaptureOrder& order) {
  GENLOCK_ASSIGN(Buffer pixels, order.images->color({.pulse = frame.pulse,
                                                     .centre = frame.centre - order.boot,
                                                     .look = frame.look,
                                                     .damage = frame.damage}));
  Image& made = capture.color.emplace(image(frame, order, order.config.color_format,
                                            image_size(order.config.color_resolution), std::move(pixels)));
  made.exposure = frame.exposure;
  made.white_balance = static_cast<std::uint32_t>(frame.look.white_balance_k);
  made.iso = kIso;
  return {};
}

Status add_depth(Capture& capture, const Frame& frame, const CaptureOrder& order, const UnitConfig& unit) {
  GENLOCK_ASSIGN(
      DepthIr pixels,
      order.images->depth({.pulse = frame.pulse,
                           .distance_error_mm = distance_error_mm(unit, frame.centre - order.powered),
                           .others = order.others}));
  const Size size = image_size(order.config.depth_mode);
  if (has_depth_image(order.config.depth_mode)) {
    capture.depth = image(frame, order, PixelFormat::depth16, size, std::move(pixels.depth));
  }
  capture.ir = image(frame, order, PixelFormat::ir16, size, std::move(pixels.ir));
  capture.temperature_c = static_cast<float>(temperature_c(unit, frame.centre - order.powered));
  return {};
}

}  // namespace

Result<Capture> make_capture(const CaptureOrder& order, const UnitConfig& unit) {
  Capture capture;
  if (order.plan.color) GENLOCK_TRY(add_color(capture, *order.plan.color, order));
  if (order.plan.depth) GENLOCK_TRY(add_depth(capture, *order.plan.depth, order, unit));
  return capture;
}

}  // namespace genlock::device::sim
