#pragma once

#include <cstddef>
#include <memory>

#include "base/buffer.h"
#include "base/thread.h"

namespace genlock::capi {

/// Memory for copies of images that wait for the disk. Fresh pages cost more than the copy itself (facts
/// performance.md), so blocks are recycled, and a thread of the pool's own makes new ones ready before they
/// are needed. Safe to use from any thread; copies may outlive the pool.
class CopyPool {
 public:
  /// Keeps at most `most_bytes` in blocks, those in use included; beyond it, blocks are not kept for later.
  explicit CopyPool(std::size_t most_bytes);
  ~CopyPool();
  CopyPool(const CopyPool&) = delete;
  CopyPool& operator=(const CopyPool&) = delete;

  /// Makes blocks for images of `size` bytes ready.
  void expect(std::size_t size);

  Buffer copy_of(ByteSpan bytes);

  /// Blocks that could take `size` bytes now.
  std::size_t ready(std::size_t size) const;

 private:
  struct Shelf;
  std::shared_ptr<Shelf> shelf_;
  Thread maker_;
};

}  // namespace genlock::capi
