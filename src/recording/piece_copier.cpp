#include "recording/piece_copier.h"

#include <algorithm>

namespace genlock::recording {
namespace {

constexpr std::uint64_t kCopyPiece = std::uint64_t{4} << 20;

}  // namespace

Status PieceCopier::copy(std::uint64_t from, std::uint64_t to) {
  if (from != to_) {
    GENLOCK_TRY(flush());
    from_ = from;
  }
  to_ = to;
  position_ += to - from;
  // Enough is gathered: the rest of a run need not be remembered as one.
  return to_ - from_ < kCopyPiece ? Status() : flush();
}

Status PieceCopier::put(ByteSpan bytes) {
  GENLOCK_TRY(flush());
  position_ += bytes.size();
  return out_.append(bytes);
}

Status PieceCopier::flush() {
  while (from_ < to_) {
    piece_.resize(static_cast<std::size_t>(std::min(kCopyPiece, to_ - from_)));
    if (!input_.read(from_, piece_)) {
      GENLOCK_TRY(input_.status());
      return Error(Errc::io, "the file became shorter while it was read");
    }
    GENLOCK_TRY(out_.append(piece_));
    from_ += piece_.size();
  }
  return {};
}

}  // namespace genlock::recording
