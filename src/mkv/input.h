#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"

namespace genlock::mkv {

/// A ByteSource as a parser wants it: small reads come from a window, damage is collected in words, and an
/// error of the source is remembered while everything after it reads as the end of the file. So parsing code
/// has one way to end, and whoever started it asks status() afterwards. One thread at a time.
class Input {
 public:
  explicit Input(const ByteSource& source) : source_(source), size_(source.size()) {}

  std::uint64_t size() const { return size_; }

  /// Up to `count` bytes at `offset`, fewer at the end of the file only; `count` is at most kMaxPeek. Valid
  /// until the next call.
  ByteSpan peek(std::uint64_t offset, std::size_t count);

  /// Fills `out`; false if the file ends before.
  bool read(std::uint64_t offset, MutableByteSpan out);

  /// Notes damage, once for the same words. The list is bounded: what comes after the thousandth is only
  /// counted.
  void problem(std::string what);
  std::vector<std::string> problems() const;

  /// The first error of the source.
  Status status() const { return status_; }

  static constexpr std::size_t kMaxPeek = 65536;

 private:
  const ByteSource& source_;
  const std::uint64_t size_;
  std::vector<std::byte> window_;
  std::uint64_t window_at_ = 0;
  std::vector<std::string> problems_;
  std::unordered_set<std::size_t> noted_;  ///< hashes of all, listed or not
  Status status_;
};

}  // namespace genlock::mkv
