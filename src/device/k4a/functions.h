#pragma once

#include <k4a/genlock_extras.h>
#include <k4a/k4a.h>

#include <cstdint>

// The functions of a libk4a that Genlock calls, under their names without k4a_.

namespace genlock::device::k4a {

/// Every libk4a.so.1.4 has these (facts k4a-abi.md A5).
#define GENLOCK_K4A_REQUIRED_FUNCTIONS(X) \
  X(device_get_installed_count)           \
  X(device_open)                          \
  X(device_close)                         \
  X(device_get_capture)                   \
  X(device_get_imu_sample)                \
  X(device_start_cameras)                 \
  X(device_stop_cameras)                  \
  X(device_start_imu)                     \
  X(device_stop_imu)                      \
  X(device_get_serialnum)                 \
  X(device_get_version)                   \
  X(device_get_sync_jack)                 \
  X(device_get_color_control)             \
  X(device_set_color_control)             \
  X(device_get_raw_calibration)           \
  X(capture_release)                      \
  X(capture_get_color_image)              \
  X(capture_get_depth_image)              \
  X(capture_get_ir_image)                 \
  X(capture_get_temperature_c)            \
  X(image_get_buffer)                     \
  X(image_get_size)                       \
  X(image_get_format)                     \
  X(image_get_width_pixels)               \
  X(image_get_height_pixels)              \
  X(image_get_stride_bytes)               \
  X(image_get_device_timestamp_usec)      \
  X(image_get_system_timestamp_nsec)      \
  X(image_get_exposure_usec)              \
  X(image_get_white_balance)              \
  X(image_get_iso_speed)                  \
  X(image_release)

/// Those that Genlock does without where a library lacks them.
#define GENLOCK_K4A_OPTIONAL_FUNCTIONS(X) \
  X(set_debug_message_handler)            \
  X(device_get_color_control_capabilities)

/// Orbbec's alone (facts k4a-abi.md A5).
struct OrbbecFunctions {
  /// USB product id of a unit.
  int (*get_pid)(k4a_device_t) = nullptr;
  /// What keeps the unit's clock: 0 a reset to zero at start, 1 the host's time, again and again.
  k4a_result_t (*switch_clock)(k4a_device_t, std::uint32_t mode, std::uint32_t parameter) = nullptr;
  /// Whether the unit of an index can be opened by this process.
  k4a_result_t (*check_accessibility)(std::uint32_t index) = nullptr;
};
inline constexpr std::uint32_t kOrbbecClockReset = 0;

/// Genlock's alone.
struct GenlockFunctions {
  decltype(&::genlock_host_monotonic_nsec) monotonic = nullptr;
  decltype(&::genlock_host_wall_nsec) wall = nullptr;
  decltype(&::genlock_host_name) host_name = nullptr;
  decltype(&::genlock_host_boot_id) boot_id = nullptr;
};

struct Functions {
#define GENLOCK_K4A_MEMBER(name) decltype(&::k4a_##name) name = nullptr;
  GENLOCK_K4A_REQUIRED_FUNCTIONS(GENLOCK_K4A_MEMBER)
  GENLOCK_K4A_OPTIONAL_FUNCTIONS(GENLOCK_K4A_MEMBER)
#undef GENLOCK_K4A_MEMBER
  OrbbecFunctions orbbec;
  GenlockFunctions genlock;
};

}  // namespace genlock::device::k4a
