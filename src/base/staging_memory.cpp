#include "base/staging_memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace genlock {

StagingMemory::StagingMemory(StagingMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

StagingMemory& StagingMemory::operator=(StagingMemory&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

StagingMemory::~StagingMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

Result<StagingMemory> StagingMemory::allocate(std::size_t bytes) {
  const std::size_t size = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  void* mapped =
      ::mmap(nullptr, size + kAlignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return error_from_errno(errno, "getting memory for writing");
  auto* const start = static_cast<std::byte*>(mapped);
  const std::size_t before =
      (kAlignment - reinterpret_cast<std::uintptr_t>(mapped) % kAlignment) % kAlignment;
  if (before > 0) ::munmap(start, before);
  ::munmap(start + before + size, kAlignment - before);
  ::madvise(start + before, size, MADV_HUGEPAGE);  // only speed depends on it
  StagingMemory memory;
  memory.bytes_ = {start + before, size};
  return memory;
}

}  // namespace genlock
