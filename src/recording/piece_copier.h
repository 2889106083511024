#pragma once

#include <vector>

#include "base/bytes.h"
#include "mkv/input.h"

namespace genlock::recording {

/// Puts a file together from pieces of another and new bytes; neighbouring pieces are copied as one, in
/// large reads and writes.
class PieceCopier {
 public:
  PieceCopier(mkv::Input& input, ByteSink& out) : input_(input), out_(out) {}

  /// Bytes so far.
  std::uint64_t position() const { return position_; }

  Status copy(std::uint64_t from, std::uint64_t to);
  Status put(ByteSpan bytes);

  /// Writes what is pending.
  Status flush();

 private:
  mkv::Input& input_;
  ByteSink& out_;
  std::uint64_t position_ = 0;
  std::uint64_t from_ = 0, to_ = 0;  ///< pending
  std::vector<std::byte> piece_;
};

}  // namespace genlock::recording
