#pragma once

#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/result.h"
#include "device/sim/images/yuv.h"

// JPEG frames as the unit's colour camera makes them (facts device.md 1.2): baseline 4:2:2, the camera's own
// tables and marker order, and a restart interval of a sixteenth of the picture, so that the first one can be
// exchanged.

namespace genlock::device::sim {

/// MCUs (16x8 pixels) in a restart interval.
int restart_interval(Size size);

/// Rows of pixels that the first restart interval reaches into: a multiple of 8.
int first_interval_rows(Size size);

/// Everything before the entropy-coded data, the SOS segment included.
std::vector<std::byte> jpeg_header(Size size);

/// The entropy-coded data of a picture up to and with EOI; its width is a multiple of 16, its height of 8.
/// `interval` in MCUs.
Result<std::vector<std::byte>> encode_scan(const Yuv422& picture, int interval);

/// Bytes of a scan before its first restart marker or EOI.
std::size_t first_interval_bytes(ByteSpan scan);

struct Luma {
  Size image;                        ///< of the whole picture
  int rows = 0;                      ///< decoded
  std::vector<std::uint8_t> pixels;  ///< `rows` rows of image.width
};

/// The brightness of the first `rows` rows (all if there are fewer). Errc::corrupt for anything that libjpeg
/// fails at or warns about.
Result<Luma> decode_jpeg_luma(ByteSpan jpeg, int rows);

}  // namespace genlock::device::sim
