#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/mutex.h"

namespace genlock {

using ByteSpan = std::span<const std::byte>;
using MutableByteSpan = std::span<std::byte>;

/// Bytes that no longer change, shared by reference count: copying a Buffer copies a pointer. Safe to share between
/// threads. The memory goes back (to the heap, its pool, or its foreign owner) with the last reference, on that thread.
class Buffer {
 public:
  Buffer() = default;

  static Buffer copy_of(ByteSpan bytes);

  /// Takes over `bytes`.
  static Buffer from_vector(std::vector<std::byte> bytes);

  /// Uses foreign memory in place; `release` is called exactly once, when the last reference goes.
  static Buffer wrap(const std::byte* data, std::size_t size, std::function<void()> release);

  /// Bytes kept alive by `owner`.
  static Buffer shared(std::shared_ptr<const void> owner, ByteSpan bytes);

  /// How many Buffers keep this memory alive, slices and this one included; 0 for an empty one without memory. What no
  /// other thread has a Buffer of cannot get more by another thread.
  long references() const { return owner_.use_count(); }

  /// Whether both are of one piece of memory.
  bool shares_memory_with(const Buffer& other) const {
    return !owner_.owner_before(other.owner_) && !other.owner_.owner_before(owner_);
  }

  /// A part of this buffer that keeps the whole alive.
  Buffer slice(std::size_t offset, std::size_t size) const;

  ByteSpan bytes() const { return bytes_; }
  const std::byte* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  Buffer(std::shared_ptr<const void> owner, ByteSpan bytes) : owner_(std::move(owner)), bytes_(bytes) {}

  std::shared_ptr<const void> owner_;
  ByteSpan bytes_;
};

/// Memory that is being filled; seal() makes it a Buffer. Owned by one thread at a time.
class WritableBuffer {
 public:
  WritableBuffer() = default;
  WritableBuffer(std::shared_ptr<void> owner, MutableByteSpan bytes) : owner_(std::move(owner)), bytes_(bytes) {}

  MutableByteSpan bytes() { return bytes_; }
  std::byte* data() { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }

  /// The first `size` bytes as a Buffer. This object is empty afterwards.
  Buffer seal(std::size_t size) &&;
  Buffer seal() && { return std::move(*this).seal(bytes_.size()); }

 private:
  std::shared_ptr<void> owner_;
  MutableByteSpan bytes_;
};

/// Recycles blocks of memory, because fresh pages are slow on some hosts (facts performance.md). Blocks still in use
/// may outlive the pool. Safe to use from any thread.
class BufferPool {
 public:
  /// Keeps at most `max_idle` unused blocks.
  explicit BufferPool(std::size_t max_idle = 16);
  ~BufferPool();

  /// A block of at least `size` bytes with arbitrary content, of which bytes() shows `size`.
  WritableBuffer take(std::size_t size);

  std::size_t idle() const;

 private:
  struct Shelf;
  std::shared_ptr<Shelf> shelf_;
};

}  // namespace genlock
