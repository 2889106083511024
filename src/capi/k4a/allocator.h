#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/buffer.h"
#include "base/result.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

/// Memory of an image with the duty to give it back once. Movable.
class ImageMemory {
 public:
  /// From the allocator that is in force; the same one's counterpart gets it back (facts k4a-abi.md B6).
  static Result<ImageMemory> allocate(std::size_t size);

  /// Memory for each of `parts` with a copy of it, one behind the other in a single allocation.
  static Result<std::vector<ImageMemory>> copies_of(std::span<const Buffer> parts);

  /// What `owner` keeps alive.
  ImageMemory(std::shared_ptr<const void> owner, std::uint8_t* data, std::size_t size)
      : data_(data), size_(size), whole_(data), owner_(std::move(owner)) {}

  /// A caller's, who keeps it until give_back_to.
  ImageMemory(std::uint8_t* data, std::size_t size) : data_(data), size_(size), whole_(data) {}
  ImageMemory(ImageMemory&& other) noexcept;
  ImageMemory& operator=(ImageMemory&&) = delete;
  ~ImageMemory();

  /// From now on the memory is given back by `release`, if not null, called with `context`.
  void give_back_to(k4a_memory_destroy_cb_t* release, void* context) {
    release_ = release;
    context_ = context;
  }

  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::uint8_t* data_;
  std::size_t size_;
  void* whole_;  ///< what is given back: `data_`, or what lies in front of it
  k4a_memory_destroy_cb_t* release_ = nullptr;
  void* context_ = nullptr;
  std::shared_ptr<const void> owner_;  ///< instead of the function
};

/// Whether memory comes from the program's own functions.
bool has_own_allocator();

/// What k4a_set_allocator says.
Status set_allocator(k4a_memory_allocate_cb_t* allocate, k4a_memory_destroy_cb_t* free_memory);

}  // namespace genlock::capi
