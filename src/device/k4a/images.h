#pragma once

#include <functional>
#include <string>

#include "base/capture.h"
#include "base/clock.h"
#include "device/k4a/library.h"

// A library's captures as ours.

namespace genlock::device::k4a {

/// Owns a capture handle of a library.
class CaptureHandle {
 public:
  CaptureHandle(const Library& library, k4a_capture_t handle) : library_(library), handle_(handle) {}
  CaptureHandle(const CaptureHandle&) = delete;
  CaptureHandle& operator=(const CaptureHandle&) = delete;
  ~CaptureHandle() { library_.api().capture_release(handle_); }

  k4a_capture_t get() const { return handle_; }

 private:
  const Library& library_;
  const k4a_capture_t handle_;
};

/// Turns the captures of one start into ours. Pixels are not copied: a Buffer keeps the library's image. One
/// thread at a time.
class CaptureReader {
 public:
  /// Called with what is wrong with an image that is left out.
  using Complaint = std::function<void(std::string)>;

  /// `library` and `clock` outlive the reader.
  CaptureReader(const Library& library, const CameraConfig& config, Clock& clock, Complaint complain);

  /// Its images that are what the configuration promises; others are left out.
  Capture read(const CaptureHandle& capture);

 private:
  enum class Side { color, depth, ir };
  using Getter = decltype(&::k4a_capture_get_color_image);

  std::optional<Image> image(const CaptureHandle& capture, Getter get, Side side);
  Result<Image> checked(k4a_image_t handle, std::shared_ptr<const void> owner, Side side);
  Result<Buffer> pixels(k4a_image_t handle, std::shared_ptr<const void> owner, PixelFormat format, Size size);
  HostTime host_time(k4a_image_t handle) const;
  void add_color_settings(k4a_image_t handle, Image& image) const;

  const Library& library_;
  const Functions& api_;
  const CameraConfig config_;
  Clock& clock_;
  const Complaint complain_;
};

}  // namespace genlock::device::k4a
