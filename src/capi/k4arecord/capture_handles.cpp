#include "capi/k4arecord/capture_handles.h"

#include <fmt/core.h>
#include <k4a/k4a.h>

#include <memory>
#include <type_traits>

namespace genlock::capi {
namespace {

struct ReleaseCapture {
  void operator()(k4a_capture_t handle) const { k4a_capture_release(handle); }
};
using CaptureHandle = std::unique_ptr<std::remove_pointer_t<k4a_capture_t>, ReleaseCapture>;

struct ReleaseImage {
  void operator()(k4a_image_t handle) const { k4a_image_release(handle); }
};
using ImageHandle = std::unique_ptr<std::remove_pointer_t<k4a_image_t>, ReleaseImage>;

/// libk4a's release callback; `context` is the Buffer that the image holds.
void release_pixels(void*, void* context) {
  delete static_cast<Buffer*>(context);
}

/// The pixels are not shared with anybody else, so that the program that gets them may write into them, as
/// programs for the vendor's library do.
Result<ImageHandle> make_image(const Image& image) {
  auto held = std::make_unique<Buffer>(image.data);
  auto* pixels = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(image.data.data()));
  k4a_image_t handle = nullptr;
  if (k4a_image_create_from_buffer(static_cast<k4a_image_format_t>(image.format), image.size.width,
                                   image.size.height, image.stride, pixels, image.data.size(), release_pixels,
                                   held.get(), &handle) != K4A_RESULT_SUCCEEDED)
    return Error(Errc::corrupt,
                 fmt::format("libk4a takes no {} image of {}x{} pixels in {} bytes", to_string(image.format),
                             image.size.width, image.size.height, image.data.size()));
  static_cast<void>(held.release());  // The image's now.
  k4a_image_set_device_timestamp_usec(handle, static_cast<std::uint64_t>(count_us(image.device_time)));
  return ImageHandle(handle);
}

using Setter = void (*)(k4a_capture_t, k4a_image_t);

Status put_image(k4a_capture_t capture, Setter set, const Image& image) {
  GENLOCK_ASSIGN(const ImageHandle handle, make_image(image));
  set(capture, handle.get());
  return {};
}

}  // namespace

Result<k4a_capture_t> make_capture_handle(Playback& playback, const Capture& capture) {
  k4a_capture_t created = nullptr;
  if (k4a_capture_create(&created) != K4A_RESULT_SUCCEEDED)
    return Error(Errc::internal, "libk4a made no capture; its own log says why");
  CaptureHandle handle(created);
  if (capture.color) {
    GENLOCK_ASSIGN(const Image color, playback.color_image(*capture.color));
    GENLOCK_TRY(put_image(created, k4a_capture_set_color_image, color));
  }
  if (capture.depth) GENLOCK_TRY(put_image(created, k4a_capture_set_depth_image, *capture.depth));
  if (capture.ir) GENLOCK_TRY(put_image(created, k4a_capture_set_ir_image, *capture.ir));
  return handle.release();
}

}  // namespace genlock::capi
