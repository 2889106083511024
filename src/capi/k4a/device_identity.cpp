#include "capi/common/sized_output.h"
#include "capi/k4a/api_device.h"
#include "capi/k4a/bench_world.h"
#include "capi/k4a/calibration_types.h"
#include "k4a/k4a.h"

// Which units there are, opening and closing them, and what each says about itself.

namespace genlock::capi {
namespace {

k4a_version_t api_version(const Version& version) {
  return {version.major, version.minor, version.iteration};
}

k4a_hardware_version_t api_version(const HardwareVersion& version) {
  return {.rgb = api_version(version.color),
          .depth = api_version(version.depth),
          .audio = api_version(version.audio),
          .depth_sensor = api_version(version.depth_sensor),
          .firmware_build = static_cast<k4a_firmware_build_t>(version.build),
          .firmware_signature = static_cast<k4a_firmware_signature_t>(version.signature)};
}

/// The text of a blob, without a NUL at its end.
std::string_view text_of(const Buffer& blob) {
  std::string_view text(reinterpret_cast<const char*>(blob.data()), blob.size());
  while (text.ends_with('\0')) text.remove_suffix(1);
  return text;
}

/// As the vendor's library does, a buffer that is too small is left with an empty text.
Result<k4a_buffer_result_t> give_serial(const std::string& serial, char* buffer, std::size_t* size) {
  const bool has_room = size != nullptr && buffer != nullptr && *size > 0;
  const Result<k4a_buffer_result_t> given = give_text(serial, buffer, size);
  if (given && *given == K4A_BUFFER_RESULT_TOO_SMALL && has_room) *buffer = '\0';
  return given;
}

Status give_jacks(device::Device& device, bool* in, bool* out) {
  if (in == nullptr && out == nullptr)
    return Error(Errc::invalid, "both pointers to a jack's state are null");
  GENLOCK_ASSIGN(const SyncJacks jacks, device.sync_jacks());
  if (in != nullptr) *in = jacks.in.value_or(false);
  if (out != nullptr) *out = jacks.out.value_or(false);
  return {};
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

uint32_t k4a_device_get_installed_count(void) {
  return guarded<uint32_t>(__func__, 0, []() -> Result<uint32_t> {
    GENLOCK_ASSIGN(const std::unique_ptr<device::Provider> units, bench_units());
    GENLOCK_ASSIGN(const auto listing, units->list());
    return static_cast<uint32_t>(listing.size());
  });
}

k4a_result_t k4a_device_open(uint32_t index, k4a_device_t* device_handle) {
  return guarded_result(__func__, [&]() -> Status {
    GENLOCK_TRY(check_pointer(device_handle, "device_handle"));
    GENLOCK_ASSIGN(std::shared_ptr<ApiDevice> device, ApiDevice::open(index));
    *device_handle = devices().add(std::move(device));
    return {};
  });
}

void k4a_device_close(k4a_device_t device_handle) {
  guarded_void(__func__, [&]() -> Status {
    if (device_handle == nullptr) return {};
    GENLOCK_ASSIGN(const std::shared_ptr<ApiDevice> device, devices().find(device_handle));
    GENLOCK_TRY(devices().release(device_handle));
    device->close();
    return {};
  });
}

k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t device_handle, char* serial_number,
                                             size_t* serial_number_size) {
  return with_device(__func__, device_handle, K4A_BUFFER_RESULT_FAILED,
                     [&](ApiDevice& handle) -> Result<k4a_buffer_result_t> {
                       GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
                       return give_serial(device->identity().serial, serial_number, serial_number_size);
                     });
}

k4a_result_t k4a_device_get_version(k4a_device_t device_handle, k4a_hardware_version_t* version) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_TRY(check_pointer(version, "version"));
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    *version = api_version(device->identity().version);
    return {};
  });
}

k4a_result_t k4a_device_get_sync_jack(k4a_device_t device_handle, bool* sync_in_jack_connected,
                                      bool* sync_out_jack_connected) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
    return give_jacks(*device, sync_in_jack_connected, sync_out_jack_connected);
  });
}

k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t device_handle, uint8_t* data,
                                                   size_t* data_size) {
  return with_device(__func__, device_handle, K4A_BUFFER_RESULT_FAILED,
                     [&](ApiDevice& handle) -> Result<k4a_buffer_result_t> {
                       GENLOCK_ASSIGN(const ApiDevice::Use device, handle.use());
                       return give_text(text_of(device->identity().raw_calibration),
                                        reinterpret_cast<char*>(data), data_size);
                     });
}

k4a_result_t k4a_device_get_calibration(k4a_device_t device_handle, const k4a_depth_mode_t depth_mode,
                                        const k4a_color_resolution_t color_resolution,
                                        k4a_calibration_t* calibration) {
  return with_device(__func__, device_handle, [&](ApiDevice& handle) -> Status {
    GENLOCK_TRY(check_pointer(calibration, "calibration"));
    GENLOCK_ASSIGN(const DepthMode depth, depth_mode_from(depth_mode));
    GENLOCK_ASSIGN(const ColorResolution color, color_resolution_from(color_resolution));
    GENLOCK_ASSIGN(const geometry::Calibration made,
                   geometry::calibration_for(handle.calibration(), depth, color));
    *calibration = api_calibration(made);
    return {};
  });
}

}  // extern "C"
