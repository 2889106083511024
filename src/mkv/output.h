#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/buffer.h"

namespace genlock::mkv {

/// Bytes being put together, in memory that grows and is kept between uses. Unlike a vector it does not clear
/// what is about to be overwritten.
class Output {
 public:
  Output() = default;

  /// Begins in foreign memory that must outlive this object; what does not fit there moves to memory of its
  /// own.
  explicit Output(MutableByteSpan memory) : borrowed_(memory), capacity_(memory.size()) {}

  std::size_t size() const { return size_; }
  ByteSpan bytes() const { return {data(), size_}; }
  std::vector<std::byte> to_vector() const { return {data(), data() + size_}; }

  /// Whether everything is still in the foreign memory.
  bool in_borrowed_memory() const { return !own_; }

  void clear() { size_ = 0; }

  /// Room for `count` more bytes, at the end, to be filled by the caller. Valid until the next call.
  MutableByteSpan extend(std::size_t count) {
    if (capacity_ - size_ < count) grow(size_ + count);
    size_ += count;
    return {data() + size_ - count, count};
  }

  void append(ByteSpan bytes) {
    if (!bytes.empty()) std::memcpy(extend(bytes.size()).data(), bytes.data(), bytes.size());
  }

  void put(std::uint8_t byte) { extend(1)[0] = std::byte{byte}; }

  /// What is there already, to be changed.
  MutableByteSpan at(std::size_t offset, std::size_t count) {
    return MutableByteSpan(data(), size_).subspan(offset, count);
  }

  /// Takes `count` bytes at `offset` out and moves the rest down.
  void erase(std::size_t offset, std::size_t count) {
    std::memmove(data() + offset, data() + offset + count, size_ - offset - count);
    size_ -= count;
  }

 private:
  void grow(std::size_t needed) {
    const std::size_t capacity = std::max({needed, capacity_ * 2, std::size_t{4096}});
    auto bigger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (size_ > 0) std::memcpy(bigger.get(), data(), size_);
    own_ = std::move(bigger);
    capacity_ = capacity;
  }

  std::byte* data() const { return own_ ? own_.get() : borrowed_.data(); }

  MutableByteSpan borrowed_;
  std::unique_ptr<std::byte[]> own_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace genlock::mkv
