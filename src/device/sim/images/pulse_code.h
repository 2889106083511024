#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.h"
#include "base/camera.h"

// The number of the sync pulse in the pixels of every simulated image: 32 cells in a row, each black or
// white: the pattern 1001, then the Gray code of the low 24 bits of the number, highest first, then 4 check
// bits.

namespace genlock::device::sim {

inline constexpr int kCodeCells = 32;
inline constexpr std::uint32_t kCodedPulses = 1u << 24;

/// Where the row of cells lies, in pixels.
struct CodeArea {
  int x = 0;
  int y = 0;
  int cell_width = 0;
  int cell_height = 0;

  int width() const { return cell_width * kCodeCells; }
};

/// Depth and IR: squares of 1/80 of the width, centred, at an eighth of the height, where every mask is open.
CodeArea depth_code_area(Size size);

/// Colour: cells of 1/40 of the width and half as high, on whole JPEG blocks, inside the first restart
/// interval.
CodeArea color_code_area(Size size);

/// The two values a cell may have.
struct CodeLevels {
  std::uint16_t black = 0;
  std::uint16_t white = 0;
};

/// Legal in every depth mode's range, mm.
inline constexpr CodeLevels kDepthCodeLevels{1000, 1600};
inline constexpr CodeLevels kIrCodeLevels{100, 900};
inline constexpr CodeLevels kPassiveIrCodeLevels{10, 90};
inline constexpr CodeLevels kLumaCodeLevels{16, 235};

/// The 32 cells of a pulse's code, the first in the highest bit; 1 is white.
std::uint32_t pulse_code_bits(std::uint64_t pulse);

inline bool pulse_code_cell(std::uint64_t pulse, int cell) {
  return (pulse_code_bits(pulse) >> (kCodeCells - 1 - cell) & 1) != 0;
}

/// Writes the code of `pulse` into an image of little-endian 16-bit pixels without gaps between rows.
void draw_pulse_code16(MutableByteSpan image, Size size, std::uint64_t pulse, CodeLevels levels);

/// The low 24 bits of the pulse of an image of any format of colour, depth16 or ir16, without gaps between
/// rows; nothing if there is no code in it.
std::optional<std::uint32_t> read_pulse_code(PixelFormat format, Size size, ByteSpan image);

}  // namespace genlock::device::sim
