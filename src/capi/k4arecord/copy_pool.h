#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/buffer.h"
#include "base/helper_thread.h"
#include "base/thread.h"

namespace genlock::capi {

/// Memory for copies of images that wait for the disk. Fresh pages cost more than the copy itself (facts
/// performance.md), so they are used again and again, the lowest first, and a thread of the pool's own gets
/// new ones before they are needed. So the pool has as many as were ever in use at once and some more. Safe
/// to use from any thread; copies may outlive the pool.
class CopyPool {
 public:
  struct Options {
    std::size_t most_bytes = 0;   ///< of memory; copies that it has no place for go to the heap
    std::size_t ready_bytes = 0;  ///< kept ready beyond what is in use
    std::size_t first_bytes = 0;  ///< ready from the beginning
  };

  /// Without memory from the system, all copies go to the heap.
  explicit CopyPool(const Options& options);
  ~CopyPool();
  CopyPool(const CopyPool&) = delete;
  CopyPool& operator=(const CopyPool&) = delete;

  Buffer copy_of(ByteSpan bytes);

  /// Copies of what belongs together, as the images of a capture; much is copied by two threads.
  std::array<Buffer, 3> copies_of(const std::array<ByteSpan, 3>& originals);

  /// Bytes of memory that are ready for the next copies.
  std::size_t ready() const;

  /// Bytes of memory that have been made ready so far, in use or not.
  std::size_t touched() const;

 private:
  struct Shelf;

  WritableBuffer memory_for(std::size_t bytes);
  void copy(const std::array<ByteSpan, 3>& from, std::array<WritableBuffer, 3>& to);

  std::shared_ptr<Shelf> shelf_;
  HelperThread helper_{"k4a copy help"};
  Thread maker_;
};

}  // namespace genlock::capi
