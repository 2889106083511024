#include <fmt/core.h>

#include "capi/k4a/image.h"

namespace genlock::capi {
namespace {

constexpr int kLargestOwn = 19999;      // pixels, either way
constexpr int kLargestForeign = 20000;  // pixels, either way

Status check(const ImageLayout& layout, int largest) {
  if (layout.format > K4A_IMAGE_FORMAT_CUSTOM)
    return Error(Errc::invalid, fmt::format("image format {} does not exist", layout.format));
  const auto in_range = [largest](int pixels) { return pixels >= 1 && pixels <= largest; };
  if (!in_range(layout.width) || !in_range(layout.height))
    return Error(Errc::invalid, fmt::format("an image of {}x{} pixels: each must be 1 to {}", layout.width,
                                            layout.height, largest));
  return {};
}

/// Bytes of a row without padding; 0 where the format does not say.
int tight_stride(const ImageLayout& layout) {
  switch (layout.format) {
    case K4A_IMAGE_FORMAT_COLOR_NV12:
    case K4A_IMAGE_FORMAT_CUSTOM8:
      return layout.width;
    case K4A_IMAGE_FORMAT_COLOR_YUY2:
    case K4A_IMAGE_FORMAT_DEPTH16:
    case K4A_IMAGE_FORMAT_IR16:
    case K4A_IMAGE_FORMAT_CUSTOM16:
      return 2 * layout.width;
    case K4A_IMAGE_FORMAT_COLOR_BGRA32:
      return 4 * layout.width;
    case K4A_IMAGE_FORMAT_COLOR_MJPG:
    case K4A_IMAGE_FORMAT_CUSTOM:
      break;
  }
  return 0;
}

Status check_parity(const ImageLayout& layout) {
  const bool nv12 = layout.format == K4A_IMAGE_FORMAT_COLOR_NV12;
  if ((nv12 || layout.format == K4A_IMAGE_FORMAT_COLOR_YUY2) && layout.width % 2 != 0)
    return Error(Errc::invalid, fmt::format("the width {} of an NV12 or YUY2 image is odd", layout.width));
  if (nv12 && layout.height % 2 != 0)
    return Error(Errc::invalid, fmt::format("the height {} of an NV12 image is odd", layout.height));
  return {};
}

}  // namespace

Status check_own_layout(const ImageLayout& layout) {
  return check(layout, kLargestOwn);
}

Status check_foreign_layout(const ImageLayout& layout) {
  return check(layout, kLargestForeign);
}

Result<SizedLayout> sized_layout(const ImageLayout& wanted) {
  if (wanted.format == K4A_IMAGE_FORMAT_COLOR_MJPG)
    return Error(Errc::invalid, "the size of an MJPG image cannot be known; create it from a buffer");
  GENLOCK_TRY(check_parity(wanted));
  SizedLayout sized{wanted};
  const int tight = tight_stride(wanted);
  if (wanted.stride == 0) sized.layout.stride = tight;
  if (sized.layout.stride < tight || sized.layout.stride <= 0)
    return Error(Errc::invalid, fmt::format("a stride of {} bytes for rows of {}", wanted.stride, tight));
  sized.bytes = static_cast<std::size_t>(sized.layout.stride) * static_cast<std::size_t>(wanted.height);
  if (wanted.format == K4A_IMAGE_FORMAT_COLOR_NV12) sized.bytes = sized.bytes * 3 / 2;
  return sized;
}

}  // namespace genlock::capi
