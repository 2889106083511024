#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/buffer.h"
#include "base/camera.h"
#include "base/result.h"

namespace genlock::device::sim {

/// Depth and IR of one frame: two views of one allocation; no depth in passive IR.
struct DepthIr {
  Buffer depth;  ///< u16 little-endian mm, 0 = no value
  Buffer ir;     ///< u16 little-endian
};

/// Where a simulated unit's pixels come from. Called from one thread at a time. What it returns depends on
/// its making and on `pulse` alone. `pulse` is the number of the sync pulse the frame belongs to.
class ImageSource {
 public:
  virtual ~ImageSource() = default;

  /// One colour image in the configured format and resolution.
  virtual Result<Buffer> color(std::uint64_t pulse) = 0;

  virtual Result<DepthIr> depth(std::uint64_t pulse) = 0;
};

}  // namespace genlock::device::sim
