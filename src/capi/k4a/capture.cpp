#include <array>
#include <cmath>
#include <limits>

#include "capi/common/guard.h"
#include "capi/k4a/image.h"
#include "k4a/k4a.h"

namespace genlock::capi {
namespace {

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

CaptureTable& captures() {
  static CaptureTable& table = *new CaptureTable(HandleKind::capture, "capture");
  return table;
}

k4a_image_t get_image(const char* function, k4a_capture_t handle, Slot slot,
                      Where where = Where::here()) noexcept {
  const auto body = [&]() -> Result<k4a_image_t> {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiCapture> capture, captures().find(handle));
    return capture->image(slot);
  };
  return guarded<k4a_image_t>(function, nullptr, body, where);
}

void set_image(const char* function, k4a_capture_t handle, Slot slot, k4a_image_t image,
               Where where = Where::here()) noexcept {
  const auto body = [&]() -> Status {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiCapture> capture, captures().find(handle));
    return capture->set_image(slot, image);
  };
  guarded_void(function, body, where);
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_capture_create(k4a_capture_t* capture_handle) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(capture_handle, "capture_handle"));
    *capture_handle = captures().add(std::make_shared<ApiCapture>());
    return {};
  });
}

void k4a_capture_release(k4a_capture_t capture_handle) {
  guarded_void(__func__, [&] { return captures().release(capture_handle); });
}

void k4a_capture_reference(k4a_capture_t capture_handle) {
  guarded_void(__func__, [&] { return captures().reference(capture_handle); });
}

k4a_image_t k4a_capture_get_color_image(k4a_capture_t capture_handle) {
  return get_image(__func__, capture_handle, Slot::color);
}

k4a_image_t k4a_capture_get_depth_image(k4a_capture_t capture_handle) {
  return get_image(__func__, capture_handle, Slot::depth);
}

k4a_image_t k4a_capture_get_ir_image(k4a_capture_t capture_handle) {
  return get_image(__func__, capture_handle, Slot::ir);
}

void k4a_capture_set_color_image(k4a_capture_t capture_handle, k4a_image_t image_handle) {
  set_image(__func__, capture_handle, Slot::color, image_handle);
}

void k4a_capture_set_depth_image(k4a_capture_t capture_handle, k4a_image_t image_handle) {
  set_image(__func__, capture_handle, Slot::depth, image_handle);
}

void k4a_capture_set_ir_image(k4a_capture_t capture_handle, k4a_image_t image_handle) {
  set_image(__func__, capture_handle, Slot::ir, image_handle);
}

void k4a_capture_set_temperature_c(k4a_capture_t capture_handle, float temperature_c) {
  guarded_void(__func__, [&]() -> Status {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiCapture> capture, captures().find(capture_handle));
    if (!std::isnan(temperature_c)) capture->set_temperature(temperature_c);
    return {};
  });
}

float k4a_capture_get_temperature_c(k4a_capture_t capture_handle) {
  return guarded(__func__, std::numeric_limits<float>::quiet_NaN(), [&]() -> Result<float> {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiCapture> capture, captures().find(capture_handle));
    return capture->temperature();
  });
}

}  // extern "C"
