#pragma once

#include <array>

#include "base/helper_thread.h"
#include "recording/part.h"

namespace genlock::recording {

/// Stored bytes of an image and the memory that they are to fill.
struct PixelRead {
  Part* part = nullptr;
  std::uint64_t offset = 0;
  MutableByteSpan to;
  bool swap_pairs = false;  ///< of 16-bit pixels, which files have big-endian
  bool whole = false;       ///< the result; Input::status() of the part says why not
};

/// Reads the images of a capture, one without memory left out, large ones on two threads.
class PixelReader {
 public:
  void read(std::array<PixelRead, 3>& images);

 private:
  bool read_by_two(const std::array<PixelRead, 3>& images);

  HelperThread helper_{"mkv pixels"};
};

}  // namespace genlock::recording
