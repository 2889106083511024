#include "capi/k4a/image.h"

#include "capi/common/enum_number.h"
#include "capi/common/guard.h"
#include "k4a/k4a.h"

namespace genlock::capi {
namespace {

/// The value of one of an image's fields; `failure` for a bad handle.
template <class T, class Getter>
T field(const char* function, k4a_image_t handle, T failure, Getter get,
        Where where = Where::here()) noexcept {
  const auto body = [&]() -> Result<T> {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiImage> image, images().find(handle));
    return static_cast<T>(get(*image));
  };
  return guarded(function, failure, body, where);
}

template <class T>
void set_field(const char* function, k4a_image_t handle, T ApiImage::*member, T value,
               Where where = Where::here()) noexcept {
  const auto body = [&]() -> Status {
    GENLOCK_ASSIGN(const std::shared_ptr<ApiImage> image, images().find(handle));
    (*image).*member = value;
    return {};
  };
  guarded_void(function, body, where);
}

Result<k4a_image_t> create_own(const ImageLayout& wanted) {
  GENLOCK_ASSIGN(const SizedLayout sized, sized_layout(wanted));
  GENLOCK_ASSIGN(ImageMemory memory, ImageMemory::allocate(sized.bytes));
  return images().add(std::make_shared<ApiImage>(sized.layout, std::move(memory)));
}

}  // namespace

ImageTable& images() {
  static ImageTable& table = *new ImageTable(HandleKind::image, "image");
  return table;
}

}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_image_create(k4a_image_format_t format, int width_pixels, int height_pixels,
                              int stride_bytes, k4a_image_t* image_handle) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(image_handle, "image_handle"));
    const ImageLayout wanted{number_of(format), width_pixels, height_pixels, stride_bytes};
    GENLOCK_TRY(check_own_layout(wanted));
    *image_handle = nullptr;
    GENLOCK_ASSIGN(*image_handle, create_own(wanted));
    return {};
  });
}

k4a_result_t k4a_image_create_from_buffer(k4a_image_format_t format, int width_pixels, int height_pixels,
                                          int stride_bytes, uint8_t* buffer, size_t buffer_size,
                                          k4a_memory_destroy_cb_t* buffer_release_cb,
                                          void* buffer_release_cb_context, k4a_image_t* image_handle) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(image_handle, "image_handle"));
    GENLOCK_TRY(check_pointer(buffer, "buffer"));
    const ImageLayout layout{number_of(format), width_pixels, height_pixels, stride_bytes};
    GENLOCK_TRY(check_foreign_layout(layout));
    if (buffer_size == 0) return Error(Errc::invalid, "buffer_size is 0");
    // Still the caller's if making the handle fails.
    const auto image = std::make_shared<ApiImage>(layout, ImageMemory(buffer, buffer_size));
    const k4a_image_t handle = images().add(image);
    image->memory.give_back_to(buffer_release_cb, buffer_release_cb_context);
    *image_handle = handle;
    return {};
  });
}

void k4a_image_reference(k4a_image_t image_handle) {
  guarded_void(__func__, [&] { return images().reference(image_handle); });
}

void k4a_image_release(k4a_image_t image_handle) {
  guarded_void(__func__, [&] { return images().release(image_handle); });
}

uint8_t* k4a_image_get_buffer(k4a_image_t image_handle) {
  return field<uint8_t*>(__func__, image_handle, nullptr, [](const ApiImage& i) { return i.memory.data(); });
}

size_t k4a_image_get_size(k4a_image_t image_handle) {
  return field<size_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.memory.size(); });
}

k4a_image_format_t k4a_image_get_format(k4a_image_t image_handle) {
  return field(__func__, image_handle, K4A_IMAGE_FORMAT_CUSTOM,
               [](const ApiImage& i) { return static_cast<k4a_image_format_t>(i.layout.format); });
}

int k4a_image_get_width_pixels(k4a_image_t image_handle) {
  return field(__func__, image_handle, 0, [](const ApiImage& i) { return i.layout.width; });
}

int k4a_image_get_height_pixels(k4a_image_t image_handle) {
  return field(__func__, image_handle, 0, [](const ApiImage& i) { return i.layout.height; });
}

int k4a_image_get_stride_bytes(k4a_image_t image_handle) {
  return field(__func__, image_handle, 0, [](const ApiImage& i) { return i.layout.stride; });
}

uint64_t k4a_image_get_device_timestamp_usec(k4a_image_t image_handle) {
  return field<uint64_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.device_time_us; });
}

uint64_t k4a_image_get_timestamp_usec(k4a_image_t image_handle) {
  return field<uint64_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.device_time_us; });
}

uint64_t k4a_image_get_system_timestamp_nsec(k4a_image_t image_handle) {
  return field<uint64_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.system_time_ns; });
}

uint64_t k4a_image_get_exposure_usec(k4a_image_t image_handle) {
  return field<uint64_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.exposure_us; });
}

uint32_t k4a_image_get_white_balance(k4a_image_t image_handle) {
  return field<uint32_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.white_balance; });
}

uint32_t k4a_image_get_iso_speed(k4a_image_t image_handle) {
  return field<uint32_t>(__func__, image_handle, 0, [](const ApiImage& i) { return i.iso_speed; });
}

void k4a_image_set_device_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec) {
  set_field(__func__, image_handle, &ApiImage::device_time_us, timestamp_usec);
}

void k4a_image_set_timestamp_usec(k4a_image_t image_handle, uint64_t timestamp_usec) {
  set_field(__func__, image_handle, &ApiImage::device_time_us, timestamp_usec);
}

void k4a_image_set_system_timestamp_nsec(k4a_image_t image_handle, uint64_t timestamp_nsec) {
  set_field(__func__, image_handle, &ApiImage::system_time_ns, timestamp_nsec);
}

void k4a_image_set_exposure_usec(k4a_image_t image_handle, uint64_t exposure_usec) {
  set_field(__func__, image_handle, &ApiImage::exposure_us, exposure_usec);
}

void k4a_image_set_exposure_time_usec(k4a_image_t image_handle, uint64_t exposure_usec) {
  set_field(__func__, image_handle, &ApiImage::exposure_us, exposure_usec);
}

void k4a_image_set_white_balance(k4a_image_t image_handle, uint32_t white_balance) {
  set_field(__func__, image_handle, &ApiImage::white_balance, white_balance);
}

void k4a_image_set_iso_speed(k4a_image_t image_handle, uint32_t iso_speed) {
  set_field(__func__, image_handle, &ApiImage::iso_speed, iso_speed);
}

}  // extern "C"
