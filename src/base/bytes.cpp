#include "base/bytes.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace genlock {

Result<MutableByteSpan> ByteSink::room(std::size_t bytes) {
  if (room_.size() < bytes) room_.resize(bytes);
  return MutableByteSpan(room_).first(bytes);
}

Status ByteSink::commit(std::size_t bytes) { return append(ByteSpan(room_).first(bytes)); }

Status MemorySink::append(ByteSpan bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return {};
}

Status MemorySink::write_at(std::uint64_t offset, ByteSpan bytes) {
  if (offset > bytes_.size() || bytes.size() > bytes_.size() - offset)
    return Error(Errc::internal, fmt::format("overwriting {} bytes at {} of {}", bytes.size(), offset, bytes_.size()));
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  return {};
}

Status MemorySink::truncate(std::uint64_t size) {
  if (size > bytes_.size())
    return Error(Errc::internal, fmt::format("truncating {} bytes to {}", bytes_.size(), size));
  bytes_.resize(size);
  return {};
}

Result<std::size_t> MemorySource::read_at(std::uint64_t offset, MutableByteSpan out) const {
  if (offset >= bytes_.size()) return std::size_t{0};
  const std::size_t count = std::min<std::size_t>(out.size(), bytes_.size() - offset);
  if (count > 0) std::memcpy(out.data(), bytes_.data() + offset, count);
  return count;
}

Result<bool> read_whole(const ByteSource& source, std::uint64_t offset, MutableByteSpan out) {
  while (!out.empty()) {
    GENLOCK_ASSIGN(const std::size_t got, source.read_at(offset, out));
    if (got == 0) return false;
    offset += got;
    out = out.subspan(got);
  }
  return true;
}

Status FaultySink::count_call() {
  if (calls_++ == faults_.fail_call) return Error(Errc::io, "injected fault: Input/output error");
  return {};
}

Status FaultySink::append(ByteSpan bytes) {
  GENLOCK_TRY(count_call());
  const std::uint64_t room = faults_.capacity ? *faults_.capacity - std::min(*faults_.capacity, inner_.size()) : bytes.size();
  if (room >= bytes.size()) return inner_.append(bytes);
  GENLOCK_TRY(inner_.append(bytes.first(room)));
  return Error(Errc::no_space, "injected fault: No space left on device");
}

Status FaultySink::write_at(std::uint64_t offset, ByteSpan bytes) {
  GENLOCK_TRY(count_call());
  return inner_.write_at(offset, bytes);
}

Status FaultySink::sync() {
  GENLOCK_TRY(count_call());
  return inner_.sync();
}

Status FaultySink::truncate(std::uint64_t size) {
  GENLOCK_TRY(count_call());
  return inner_.truncate(size);
}

Status FaultySink::reserve(std::uint64_t bytes) {
  GENLOCK_TRY(count_call());
  if (faults_.capacity && (inner_.size() > *faults_.capacity || bytes > *faults_.capacity - inner_.size()))
    return Error(Errc::no_space, "injected fault: No space left on device");
  return inner_.reserve(bytes);
}

}  // namespace genlock
