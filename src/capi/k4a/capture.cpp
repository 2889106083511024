#include "capi/k4a/capture.h"

#include <cmath>

#include "capi/common/guard.h"
#include "k4a/k4a.h"

namespace genlock::capi {
namespace {

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

CaptureTable& captures() {
  static CaptureTable& table = *new CaptureTable(HandleKind::capture, "capture");
  return table;
}

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
