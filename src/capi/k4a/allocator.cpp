#include "capi/k4a/allocator.h"

#include <fmt/core.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include "base/mutex.h"

namespace genlock::capi {
namespace {

/// The library keeps so many bytes in front of an image's own, as callers of set_allocator know.
constexpr std::size_t kFront = 32;

std::uint8_t* heap_allocate(int size, void** context) {
  *context = nullptr;
  return static_cast<std::uint8_t*>(std::malloc(static_cast<std::size_t>(size)));
}

void heap_free(void* memory, void*) {
  std::free(memory);
}

struct Allocator {
  k4a_memory_allocate_cb_t* allocate = heap_allocate;
  k4a_memory_destroy_cb_t* free_memory = heap_free;
};

struct CurrentAllocator {
  Mutex mutex;
  Allocator allocator GENLOCK_GUARDED_BY(mutex);
};

CurrentAllocator& current() {
  static CurrentAllocator instance;
  return instance;
}

}  // namespace

Result<ImageMemory> ImageMemory::allocate(std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()) - kFront)
    return Error(Errc::invalid, fmt::format("an image of {} bytes is too large", size));
  Allocator allocator;
  {
    MutexLock lock(current().mutex);
    allocator = current().allocator;
  }
  void* context = nullptr;
  std::uint8_t* const whole = allocator.allocate(static_cast<int>(size + kFront), &context);
  if (whole == nullptr) return Error(Errc::overflow, fmt::format("no memory for an image of {} bytes", size));
  ImageMemory memory(whole + kFront, size);
  memory.whole_ = whole;
  memory.give_back_to(allocator.free_memory, context);
  return memory;
}

Result<std::vector<ImageMemory>> ImageMemory::copies_of(std::span<const Buffer> parts) {
  std::size_t size = 0;
  for (const Buffer& part : parts) size += part.size();
  GENLOCK_ASSIGN(ImageMemory allocated, allocate(size));
  const auto whole = std::make_shared<const ImageMemory>(std::move(allocated));
  std::uint8_t* place = whole->data();
  std::vector<ImageMemory> memories;
  for (const Buffer& part : parts) {
    std::memcpy(place, part.data(), part.size());
    memories.emplace_back(whole, place, part.size());
    place += part.size();
  }
  return memories;
}

ImageMemory::ImageMemory(ImageMemory&& other) noexcept
    : data_(other.data_),
      size_(other.size_),
      whole_(other.whole_),
      release_(std::exchange(other.release_, nullptr)),
      context_(other.context_),
      owner_(std::move(other.owner_)) {}

ImageMemory::~ImageMemory() {
  if (release_ != nullptr) release_(whole_, context_);
}

bool has_own_allocator() {
  MutexLock lock(current().mutex);
  return current().allocator.allocate != heap_allocate;
}

Status set_allocator(k4a_memory_allocate_cb_t* allocate, k4a_memory_destroy_cb_t* free_memory) {
  if ((allocate == nullptr) != (free_memory == nullptr))
    return Error(Errc::invalid, "an allocator consists of both functions, or of none");
  MutexLock lock(current().mutex);
  current().allocator = allocate != nullptr ? Allocator{allocate, free_memory} : Allocator{};
  return {};
}

}  // namespace genlock::capi
