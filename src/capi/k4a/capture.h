#pragma once

#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "base/mutex.h"
#include "capi/common/handle_table.h"
#include "capi/k4a/image.h"
#include "k4a/k4atypes.h"

namespace genlock::capi {

enum class Slot : std::uint8_t { color, depth, ir };

/// What a k4a_capture_t stands for: up to three images, with a reference on each. Safe to use from any
/// thread.
class ApiCapture {
 public:
  ApiCapture() = default;
  ApiCapture(const ApiCapture&) = delete;
  ApiCapture& operator=(const ApiCapture&) = delete;
  ~ApiCapture() {
    for (k4a_image_t image : slots_)
      if (image != nullptr) (void)images().release(image);
  }

  /// A new reference; null for an empty slot.
  Result<k4a_image_t> image(Slot slot) {
    MutexLock lock(mutex_);
    const k4a_image_t image = slots_[static_cast<std::size_t>(slot)];
    if (image != nullptr) GENLOCK_TRY(images().reference(image));
    return image;
  }

  /// An image that no slot and no program has yet.
  void set_new_image(Slot slot, std::shared_ptr<ApiImage> image) {
    const k4a_image_t before = exchange(slot, images().add(std::move(image)));
    if (before != nullptr) (void)images().release(before);
  }

  /// Null empties the slot.
  Status set_image(Slot slot, k4a_image_t image) {
    if (image != nullptr) GENLOCK_TRY(images().reference(image));
    const k4a_image_t before = exchange(slot, image);
    return before != nullptr ? images().release(before) : Status();
  }

  float temperature() {
    MutexLock lock(mutex_);
    return temperature_c_;
  }

  void set_temperature(float celsius) {
    MutexLock lock(mutex_);
    temperature_c_ = celsius;
  }

 private:
  k4a_image_t exchange(Slot slot, k4a_image_t image) {
    MutexLock lock(mutex_);
    return std::exchange(slots_[static_cast<std::size_t>(slot)], image);
  }

  Mutex mutex_;
  std::array<k4a_image_t, 3> slots_ GENLOCK_GUARDED_BY(mutex_){};
  float temperature_c_ GENLOCK_GUARDED_BY(mutex_) = std::numeric_limits<float>::quiet_NaN();
};

using CaptureTable = HandleTable<k4a_capture_t, ApiCapture>;
CaptureTable& captures();

}  // namespace genlock::capi
