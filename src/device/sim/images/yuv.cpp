#include "device/sim/images/yuv.h"

#include <algorithm>
#include <cstring>

namespace genlock::device::sim {
namespace {

std::uint8_t clamp_to_byte(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

/// BT.601 full range in 16.16 fixed point.
void put_bgra(std::uint8_t y, int u, int v, std::uint8_t* out) {
  const int luma = (y << 16) + (1 << 15);
  out[0] = clamp_to_byte((luma + 116130 * u) >> 16);
  out[1] = clamp_to_byte((luma - 22554 * u - 46802 * v) >> 16);
  out[2] = clamp_to_byte((luma + 91881 * v) >> 16);
  out[3] = 255;
}

void bgra_row(const Yuv422& part, int row, std::uint8_t* out) {
  const std::uint8_t* line = part.luma.data() + part.luma_offset(0, row);
  const std::size_t chroma = part.chroma_offset(0, row);
  for (int x = 0; x < part.size.width; x += 2, out += 8) {
    const auto at = chroma + static_cast<std::size_t>(x / 2);
    const int u = part.blue[at] - 128;
    const int v = part.red[at] - 128;
    put_bgra(line[x], u, v, out);
    put_bgra(line[x + 1], u, v, out + 4);
  }
}

void yuy2_row(const Yuv422& part, int row, std::uint8_t* out) {
  const std::uint8_t* line = part.luma.data() + part.luma_offset(0, row);
  const std::size_t chroma = part.chroma_offset(0, row);
  for (int x = 0; x < part.size.width; x += 2, out += 4) {
    const auto at = chroma + static_cast<std::size_t>(x / 2);
    out[0] = line[x];
    out[1] = part.blue[at];
    out[2] = line[x + 1];
    out[3] = part.red[at];
  }
}

/// The chroma of rows `row` and `row` + 1, averaged.
void nv12_chroma_row(const Yuv422& part, int row, std::uint8_t* out) {
  const std::size_t above = part.chroma_offset(0, row);
  const std::size_t below = part.chroma_offset(0, row + 1);
  for (std::size_t x = 0; x < static_cast<std::size_t>(part.size.width / 2); ++x) {
    *out++ = static_cast<std::uint8_t>((part.blue[above + x] + part.blue[below + x] + 1) / 2);
    *out++ = static_cast<std::uint8_t>((part.red[above + x] + part.red[below + x] + 1) / 2);
  }
}

void put_nv12(const Yuv422& part, int x, int y, Size size, std::uint8_t* image) {
  const auto stride = static_cast<std::size_t>(size.width);
  std::uint8_t* const chroma = image + stride * static_cast<std::size_t>(size.height);
  for (int row = 0; row < part.size.height; ++row)
    std::memcpy(image + static_cast<std::size_t>(y + row) * stride + x,
                part.luma.data() + part.luma_offset(0, row), static_cast<std::size_t>(part.size.width));
  for (int row = 0; row < part.size.height; row += 2)
    nv12_chroma_row(part, row, chroma + static_cast<std::size_t>((y + row) / 2) * stride + x);
}

}  // namespace

Yuv422::Yuv422(Size size_of_image)
    : size(size_of_image),
      luma(luma_offset(0, size.height)),
      blue(luma.size() / 2, 128),
      red(luma.size() / 2, 128) {}

void put_yuv(const Yuv422& part, int x, int y, PixelFormat format, Size size, MutableByteSpan image) {
  auto* const out = reinterpret_cast<std::uint8_t*>(image.data());
  if (format == PixelFormat::nv12) return put_nv12(part, x, y, size, out);
  const auto stride = static_cast<std::size_t>(stride_bytes(format, size.width));
  const auto pixel = stride / static_cast<std::size_t>(size.width);
  for (int row = 0; row < part.size.height; ++row) {
    std::uint8_t* const at =
        out + static_cast<std::size_t>(y + row) * stride + static_cast<std::size_t>(x) * pixel;
    if (format == PixelFormat::yuy2)
      yuy2_row(part, row, at);
    else
      bgra_row(part, row, at);
  }
}

void put_yuv(const Yuv422& part, int x, int y, Yuv422& image) {
  const auto width = static_cast<std::size_t>(part.size.width);
  for (int row = 0; row < part.size.height; ++row) {
    const std::size_t chroma = part.chroma_offset(0, row);
    const std::size_t to = image.chroma_offset(x, y + row);
    std::memcpy(image.luma.data() + image.luma_offset(x, y + row),
                part.luma.data() + part.luma_offset(0, row), width);
    std::memcpy(image.blue.data() + to, part.blue.data() + chroma, width / 2);
    std::memcpy(image.red.data() + to, part.red.data() + chroma, width / 2);
  }
}

void draw_pulse_code(Yuv422& image, int x, int y, const CodeArea& area, std::uint64_t pulse) {
  const auto width = static_cast<std::size_t>(area.cell_width);
  for (int row = y; row < y + area.cell_height; ++row)
    for (int i = 0; i < kCodeCells; ++i) {
      const int left = x + i * area.cell_width;
      const auto level = pulse_code_cell(pulse, i) ? kLumaCodeLevels.white : kLumaCodeLevels.black;
      std::memset(image.luma.data() + image.luma_offset(left, row), level, width);
      std::memset(image.blue.data() + image.chroma_offset(left, row), 128, width / 2);
      std::memset(image.red.data() + image.chroma_offset(left, row), 128, width / 2);
    }
}

}  // namespace genlock::device::sim
