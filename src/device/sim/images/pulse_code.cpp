#include "device/sim/images/pulse_code.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "device/sim/images/jpeg.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint32_t kLead = 0b1001;
constexpr std::uint32_t kCheckSeed = 0b1010;
constexpr double kLeastContrast = 40;
constexpr double kTolerance = 0.3;  // of the contrast, how far a cell may be from its level

std::uint32_t gray(std::uint32_t number) {
  return number ^ (number >> 1);
}

std::uint32_t from_gray(std::uint32_t code) {
  for (unsigned shift = 1; shift < 32; shift *= 2) code ^= code >> shift;
  return code;
}

std::uint32_t check_bits(std::uint32_t code) {
  std::uint32_t check = kCheckSeed;
  for (unsigned shift = 0; shift < 24; shift += 4) check ^= (code >> shift) & 0xf;
  return check;
}

/// Reads single brightnesses out of an image of some format.
struct Sampler {
  ByteSpan image;
  std::size_t stride;
  std::size_t step;    ///< bytes from pixel to pixel
  std::size_t offset;  ///< of the brightness in a pixel
  bool wide;           ///< 16 bits

  double at(int x, int y) const {
    const std::size_t i = static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x) * step + offset;
    const auto low = static_cast<unsigned>(image[i]);
    return wide ? low + 256 * static_cast<unsigned>(image[i + 1]) : low;
  }
};

std::optional<Sampler> sampler_for(PixelFormat format, Size size, ByteSpan image) {
  const std::size_t bytes = image_bytes(format, size);
  if (bytes == 0 || image.size() < bytes) return std::nullopt;
  const auto stride = static_cast<std::size_t>(stride_bytes(format, size.width));
  switch (format) {
    case PixelFormat::depth16:
    case PixelFormat::ir16:
      return Sampler{image, stride, 2, 0, true};
    case PixelFormat::nv12:
    case PixelFormat::custom8:
      return Sampler{image, stride, 1, 0, false};
    case PixelFormat::yuy2:
      return Sampler{image, stride, 2, 0, false};
    case PixelFormat::bgra32:
      return Sampler{image, stride, 4, 1, false};
    default:
      return std::nullopt;
  }
}

using Cells = std::array<double, kCodeCells>;

/// The mean of the middle of each cell.
Cells sample(const Sampler& sampler, const CodeArea& area) {
  Cells cells{};
  for (int i = 0; i < kCodeCells; ++i) {
    const int x = area.x + i * area.cell_width + area.cell_width / 2;
    const int y = area.y + area.cell_height / 2;
    for (int dy = -1; dy <= 0; ++dy)
      for (int dx = -1; dx <= 0; ++dx) cells[static_cast<std::size_t>(i)] += sampler.at(x + dx, y + dy) / 4;
  }
  return cells;
}

std::optional<std::uint32_t> bits_of(const Cells& cells) {
  const double white = (cells[0] + cells[3]) / 2;
  const double black = (cells[1] + cells[2]) / 2;
  const double contrast = white - black;
  if (contrast < kLeastContrast) return std::nullopt;
  std::uint32_t bits = 0;
  for (double cell : cells) {
    const bool is_white = cell > (white + black) / 2;
    if (std::abs(cell - (is_white ? white : black)) > kTolerance * contrast) return std::nullopt;
    bits = bits << 1 | (is_white ? 1 : 0);
  }
  return bits;
}

std::optional<std::uint32_t> decode(std::uint32_t bits) {
  const std::uint32_t code = (bits >> 4) & (kCodedPulses - 1);
  if (bits >> 28 != kLead || (bits & 0xf) != check_bits(code)) return std::nullopt;
  return from_gray(code);
}

std::optional<std::uint32_t> read_cells(const Sampler& sampler, const CodeArea& area) {
  const auto bits = bits_of(sample(sampler, area));
  return bits ? decode(*bits) : std::nullopt;
}

bool is_inside(const CodeArea& area, Size size) {
  return area.cell_width >= 2 && area.cell_height >= 2 && area.x + area.width() <= size.width &&
         area.y + area.cell_height <= size.height;
}

std::optional<std::uint32_t> read_jpeg(Size size, const CodeArea& area, ByteSpan image) {
  const auto luma = decode_jpeg_luma(image, area.y + area.cell_height);
  if (!luma || luma->image != size) return std::nullopt;
  const auto stride = static_cast<std::size_t>(size.width);
  return read_cells({std::as_bytes(std::span(luma->pixels)), stride, 1, 0, false}, area);
}

}  // namespace

CodeArea depth_code_area(Size size) {
  const int cell = size.width / 80;
  return {(size.width - kCodeCells * cell) / 2, size.height / 8, cell, cell};
}

CodeArea color_code_area(Size size) {
  const int cell = size.width / 40 / 16 * 16;
  return {cell, cell / 2, cell, cell / 2};
}

std::uint32_t pulse_code_bits(std::uint64_t pulse) {
  const std::uint32_t code = gray(static_cast<std::uint32_t>(pulse % kCodedPulses));
  return kLead << 28 | code << 4 | check_bits(code);
}

void draw_pulse_code16(MutableByteSpan image, Size size, std::uint64_t pulse, CodeLevels levels) {
  const CodeArea area = depth_code_area(size);
  const auto stride = static_cast<std::size_t>(2 * size.width);
  std::byte* const first =
      image.data() + static_cast<std::size_t>(area.y) * stride + static_cast<std::size_t>(2 * area.x);
  std::byte* out = first;
  for (int i = 0; i < kCodeCells; ++i) {
    const std::uint16_t level = pulse_code_cell(pulse, i) ? levels.white : levels.black;
    for (int x = 0; x < area.cell_width; ++x) {
      *out++ = static_cast<std::byte>(level & 0xff);
      *out++ = static_cast<std::byte>(level >> 8);
    }
  }
  for (int y = 1; y < area.cell_height; ++y)
    std::memcpy(first + static_cast<std::size_t>(y) * stride, first,
                static_cast<std::size_t>(2 * area.width()));
}

std::optional<std::uint32_t> read_pulse_code(PixelFormat format, Size size, ByteSpan image) {
  const bool depth = format == PixelFormat::depth16 || format == PixelFormat::ir16;
  const CodeArea area = depth ? depth_code_area(size) : color_code_area(size);
  if (!is_inside(area, size)) return std::nullopt;
  if (format == PixelFormat::mjpg) return read_jpeg(size, area, image);
  const auto sampler = sampler_for(format, size, image);
  return sampler ? read_cells(*sampler, area) : std::nullopt;
}

}  // namespace genlock::device::sim
