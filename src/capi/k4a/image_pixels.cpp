#include "capi/k4a/image_pixels.h"

#include <fmt/core.h>

#include <algorithm>

namespace genlock::capi {
namespace {

/// A whole number of pixels, of which there are enough.
bool keeps(const PixelRule& rule, int stride, int row) {
  return rule.padded ? stride >= row && stride % rule.bytes == 0 : stride == row;
}

}  // namespace

Result<std::shared_ptr<ApiImage>> checked_image(k4a_image_t handle, const PixelRule& rule,
                                                const ImageCamera& camera) {
  const Size size = camera.size;
  GENLOCK_ASSIGN(std::shared_ptr<ApiImage> image, images().find(handle).context(rule.name));
  const ImageLayout& layout = image->layout;
  if (size.width == 0 || size.height == 0)
    return Error(Errc::invalid,
                 fmt::format("{} is of the {} camera, which is off in this calibration", rule.name,
                             camera.sensor == geometry::Sensor::color ? "colour" : "depth"));
  if (layout.width != size.width || layout.height != size.height)
    return Error(Errc::invalid, fmt::format("{} is {}x{}, but its camera {}x{}", rule.name, layout.width,
                                            layout.height, size.width, size.height));
  const auto is_format = [&](k4a_image_format_t format) {
    return static_cast<unsigned>(format) == layout.format;
  };
  if (rule.formats.size() > 0 && std::ranges::none_of(rule.formats, is_format))
    return Error(Errc::invalid,
                 fmt::format("{} has the format {}, which is not taken here", rule.name, layout.format));
  if (!keeps(rule, layout.stride, rule.bytes * size.width))
    return Error(Errc::invalid, fmt::format("{} has a stride of {} bytes for rows of {}", rule.name,
                                            layout.stride, rule.bytes * size.width));
  const auto bytes = static_cast<std::size_t>(layout.stride) * static_cast<std::size_t>(layout.height);
  if (image->memory.size() < bytes)
    return Error(Errc::invalid,
                 fmt::format("{} has a buffer of {} bytes for {}", rule.name, image->memory.size(), bytes));
  return image;
}

}  // namespace genlock::capi
