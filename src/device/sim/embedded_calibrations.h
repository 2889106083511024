#pragma once

#include <span>

#include "base/buffer.h"

namespace genlock::device::sim {

/// The files of calibration/, in the order of calibration/README.md; they last as long as the program.
std::span<const ByteSpan> embedded_calibrations();

}  // namespace genlock::device::sim
