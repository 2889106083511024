#pragma once

#include "base/buffer.h"
#include "base/result.h"

namespace genlock {

/// Memory for direct I/O: in huge pages where the system has them, so that a write pins few, and kept for
/// reuse, because fresh pages are slow on some hosts (facts performance.md).
class StagingMemory {
 public:
  StagingMemory() = default;
  StagingMemory(StagingMemory&& other) noexcept;
  StagingMemory& operator=(StagingMemory&& other) noexcept;
  ~StagingMemory();

  /// At least `bytes`, aligned to kAlignment; pages come with their first use. Errc::io where the system has
  /// no memory.
  static Result<StagingMemory> allocate(std::size_t bytes);

  MutableByteSpan bytes() const { return bytes_; }

  static constexpr std::size_t kAlignment = std::size_t{2} << 20;

 private:
  MutableByteSpan bytes_;
};

}  // namespace genlock
