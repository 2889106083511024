#pragma once

#include <initializer_list>
#include <memory>
#include <span>

#include "base/camera.h"
#include "base/result.h"
#include "capi/k4a/image.h"
#include "geometry/calibration.h"

namespace genlock::capi {

/// What a function demands of an image besides its size: one of these formats (any if there is none) and rows
/// of `bytes` a pixel.
struct PixelRule {
  const char* name;  ///< of the parameter
  std::initializer_list<k4a_image_format_t> formats;
  int bytes;
  bool padded = false;  ///< rows may have more pixels than the camera
};

/// The camera that an image must be of.
struct ImageCamera {
  geometry::Sensor sensor;
  Size size;  ///< nothing where it is off
};

/// An image that keeps a rule. An error names the parameter and what is wrong with it: a camera that is off,
/// size, format, stride, a buffer that is too small.
Result<std::shared_ptr<ApiImage>> checked_image(k4a_image_t handle, const PixelRule& rule,
                                                const ImageCamera& camera);

/// The pixels of an image that was checked, as values of another width. An error where the buffer is not
/// aligned to them.
template <class Value>
Result<std::span<Value>> pixel_values(const ApiImage& image, const char* name) {
  if (reinterpret_cast<std::uintptr_t>(image.memory.data()) % alignof(Value) != 0)
    return Error(Errc::invalid, std::string(name) + " has a buffer that is not aligned to its pixels");
  const auto bytes =
      static_cast<std::size_t>(image.layout.stride) * static_cast<std::size_t>(image.layout.height);
  return std::span(reinterpret_cast<Value*>(image.memory.data()), bytes / sizeof(Value));
}

}  // namespace genlock::capi
