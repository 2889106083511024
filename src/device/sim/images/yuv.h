#pragma once

#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "base/camera.h"
#include "device/sim/images/pulse_code.h"

namespace genlock::device::sim {

/// Planes of BT.601 full range, chroma of half width (4:2:2). The width is even.
struct Yuv422 {
  explicit Yuv422(Size size_of_image = {});

  std::size_t luma_offset(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x);
  }
  std::size_t chroma_offset(int x, int y) const { return luma_offset(x, y) / 2; }

  Size size;
  std::vector<std::uint8_t> luma, blue, red;
};

/// Writes `part` with its corner at (x, y) of an image of the format nv12, yuy2 or bgra32 and the given size.
/// Position and extent are even and lie inside.
void put_yuv(const Yuv422& part, int x, int y, PixelFormat format, Size size, MutableByteSpan image);

/// Copies `part` into `image` with its corner at (x, y).
void put_yuv(const Yuv422& part, int x, int y, Yuv422& image);

/// Writes the code of `pulse` with its first cell at (x, y).
void draw_pulse_code(Yuv422& image, int x, int y, const CodeArea& area, std::uint64_t pulse);

}  // namespace genlock::device::sim
