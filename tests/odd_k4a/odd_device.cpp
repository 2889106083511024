#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "odd_world.h"

namespace odd {
namespace {

struct Unit {
  std::uint32_t index = 0;
  k4a_device_configuration_t config{};
  std::atomic<bool> cameras = false, imu = false;
  std::atomic<int> frame = 0, sample = 0;
  std::atomic<int> given = 0;  ///< captures of all starts
  std::atomic<std::int64_t> started_ns = 0;
  std::atomic<bool> told = false;  ///< of a transfer that failed
  std::mutex mutex;
  std::condition_variable changed;
  std::array<std::int32_t, 10> controls{};
};

std::atomic<int> open_units = 0;
std::atomic<int> closed_units = 0;

Unit* of(k4a_device_t handle) {
  return reinterpret_cast<Unit*>(handle);
}

/// Units of one library follow each other in their last digit.
std::string serial_of(const Unit& unit) {
  std::string serial = kOrbbec ? "CL8F25300C6" : "000011590212";
  serial.back() = static_cast<char>(serial.back() + unit.index);
  return serial;
}

constexpr std::string_view kCalibration = "{\"CalibrationInformation\":{\"odd\":true}}";

/// By the usual protocol; what has no NUL at its end comes without.
k4a_buffer_result_t give(std::string_view text, bool with_nul, void* buffer, std::size_t* size) {
  const std::size_t need = text.size() + (with_nul ? 1 : 0);
  const std::size_t room = std::exchange(*size, need);
  if (buffer == nullptr || room < need) return K4A_BUFFER_RESULT_TOO_SMALL;
  std::memcpy(buffer, text.data(), text.size());
  if (with_nul) static_cast<char*>(buffer)[text.size()] = '\0';
  return K4A_BUFFER_RESULT_SUCCEEDED;
}

/// Word gone: the unit was pulled out.
bool gone() {
  if (!word("gone")) return false;
  say(K4A_LOG_LEVEL_ERROR,
      "usb_cmd_io(). Error calling libusb_bulk_transfer for tx, result:LIBUSB_ERROR_NO_DEVICE");
  return true;
}

/// Waits as the original would, for ever if `ms` is negative, or until the stream is stopped.
k4a_wait_result_t time_out(Unit& unit, const std::atomic<bool>& runs, std::int32_t ms) {
  std::unique_lock lock(unit.mutex);
  const auto stopped = [&runs] { return !runs; };
  if (ms < 0)
    unit.changed.wait(lock, stopped);
  else
    unit.changed.wait_for(lock, std::chrono::milliseconds(ms), stopped);
  return runs ? K4A_WAIT_RESULT_TIMEOUT : K4A_WAIT_RESULT_FAILED;
}

void end(Unit& unit, std::atomic<bool>& runs) {
  const std::lock_guard lock(unit.mutex);
  runs = false;
  unit.changed.notify_all();
}

std::int64_t now_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Word paced: frames come in real time. Whether the next one is due.
bool due(const Unit& unit) {
  constexpr int kFps[] = {5, 15, 30};
  return !word("paced") || now_ns() - unit.started_ns >=
                               std::int64_t{unit.frame} * 1'000'000'000 / kFps[unit.config.camera_fps];
}

/// Word open: what stands against it.
bool may_open() {
  if (said("open", "access")) {
    say(K4A_LOG_LEVEL_ERROR, "find_libusb_device(). Unable to open LIBUSB at index 0, LIBUSB_ERROR_ACCESS");
    say(K4A_LOG_LEVEL_CRITICAL,
        "find_libusb_device(). libusb device(s) are all unavalable. Is the device being used by another "
        "application?");
  } else if (said("open", "busy")) {
    say(K4A_LOG_LEVEL_CRITICAL,
        "find_libusb_device(). libusb device(s) are all unavalable. Is the device being used by another "
        "application?");
  } else if (said("open", "firmware")) {
    say(K4A_LOG_LEVEL_ERROR,
        "depth_get_device_version(). Firmware version for RGB is 1.5.60 is not current enough. Use 1.5.92 or "
        "newer.");
  } else if (said("open", "hang")) {
    hang();
    return true;
  } else if (!said("open", "silent")) {
    return true;
  }
  // The original looks for its depth engine while it cleans up after whatever failed.
  say(K4A_LOG_LEVEL_ERROR,
      "deloader_init_once(). Failed to Load Depth Engine Plugin (depthengine). Depth functionality will not "
      "work");
  return false;
}

/// Word start: the same.
bool may_start() {
  if (said("start", "no_engine")) {
    say(K4A_LOG_LEVEL_ERROR, "dewrapper_start(). Depth Engine thread failed to start");
  } else if (said("start", "no_display")) {
    say(K4A_LOG_LEVEL_ERROR,
        "depth_engine_start_helper(). Depth engine create and initialize failed with error code: 204.");
    say(K4A_LOG_LEVEL_ERROR, "dewrapper_start(). Depth Engine thread failed to start");
  } else if (said("start", "bandwidth")) {
    say(K4A_LOG_LEVEL_ERROR, "usb_cmd_io(). ERROR: cmd_status=0x00000063");
  } else {
    if (said("start", "hang")) hang();
    return true;
  }
  return false;
}

/// Words read=hang, read=crash, read=freeze (all of the program stands still): unit read_unit (0), once it
/// has given read_after (0) captures.
void suffer_read(const Unit& unit) {
  const auto what = word("read");
  if (!what || static_cast<int>(unit.index) != number("read_unit", 0) || unit.given < number("read_after", 0))
    return;
  if (*what == "hang") hang();
  if (*what == "crash") std::raise(SIGSEGV);
  if (*what == "freeze") std::raise(SIGSTOP);
}

/// Word transfers=refused: a thread of the library finds, after a start that succeeded, that it gets no
/// memory.
void refuse_transfers() {
  std::thread([] {
    say(K4A_LOG_LEVEL_ERROR,
        "usb_cmd_stream_start(). No libusb transfers could not be submitted, error:LIBUSB_ERROR_NO_MEM");
  }).join();
}

}  // namespace
}  // namespace odd

using namespace odd;

extern "C" {

int odd_open_units() {
  return open_units;
}

int odd_closed_units() {
  return closed_units;
}

uint32_t k4a_device_get_installed_count() {
  return static_cast<std::uint32_t>(number("units", 1));
}

k4a_result_t k4a_device_open(uint32_t index, k4a_device_t* device) {
  // Word engine=missing: said once, early, by a library that works without depth.
  if (said("engine", "missing"))
    say(K4A_LOG_LEVEL_ERROR,
        "dynlib_create(). Failed to load shared object libdepthengine.so.2.0 with error: "
        "libdepthengine.so.2.0: cannot open shared object file: No such file or directory");
  if (!may_open()) return K4A_RESULT_FAILED;
  ++open_units;
  Unit* unit = new Unit;
  unit->index = index;
  *device = reinterpret_cast<k4a_device_t>(unit);
  return K4A_RESULT_SUCCEEDED;
}

/// Words close=hang, close_ms: so long does it take to close well.
void k4a_device_close(k4a_device_t device) {
  if (said("close", "hang")) hang();
  if (const int ms = number("close_ms", 0); ms > 0) linger(ms);
  delete of(device);
  --open_units;
  ++closed_units;
}

k4a_result_t k4a_device_start_cameras(k4a_device_t device, const k4a_device_configuration_t* config) {
  if (gone() || !may_start()) return K4A_RESULT_FAILED;
  Unit& unit = *of(device);
  unit.config = *config;
  unit.frame = 0;
  unit.started_ns = now_ns();
  unit.cameras = true;
  if (said("transfers", "refused")) refuse_transfers();
  return K4A_RESULT_SUCCEEDED;
}

void k4a_device_stop_cameras(k4a_device_t device) {
  if (said("stop", "hang")) hang();
  end(*of(device), of(device)->cameras);
}

/// Word captures: "none" come, "null" come as successes without one, "failed". Word silent_after: none come
/// after so many; transfers=failed_later says why. Word dropped: so many are said to be thrown away.
k4a_wait_result_t k4a_device_get_capture(k4a_device_t device, k4a_capture_t* capture, int32_t timeout_in_ms) {
  Unit& unit = *of(device);
  if (!unit.cameras) return K4A_WAIT_RESULT_FAILED;
  suffer_read(unit);
  if (said("captures", "failed")) {
    say(K4A_LOG_LEVEL_ERROR, "depth_engine_thread(). Depth engine process frame failed with error code: 3.");
    return K4A_WAIT_RESULT_FAILED;
  }
  const bool silent = said("captures", "none") || said("transfers", "refused") ||
                      unit.given >= number("silent_after", 1 << 30);
  if (unit.given == number("silent_after", 1 << 30) && said("transfers", "failed_later") &&
      !unit.told.exchange(true))
    say(K4A_LOG_LEVEL_ERROR, "depth_capture_available(). A streaming depth transfer failed");
  if (silent || word("gone") || !due(unit))
    return time_out(unit, unit.cameras, timeout_in_ms < 0 ? timeout_in_ms : std::min(timeout_in_ms, 5));
  if (said("captures", "null")) {
    *capture = nullptr;
    time_out(unit, unit.cameras, std::min(timeout_in_ms, 5));
    return K4A_WAIT_RESULT_SUCCEEDED;
  }
  if (const int dropped = number("dropped", 0); dropped > 0)
    say(K4A_LOG_LEVEL_INFO, "queue_push_internal(). Queue \"Queue_capture\" dropped oldest " +
                                std::to_string(dropped) + " captures from queue.");
  ++unit.given;
  *capture = make_capture(unit.config, unit.frame++);
  return K4A_WAIT_RESULT_SUCCEEDED;
}

#ifndef ODD_WITHOUT_IMU
k4a_result_t k4a_device_start_imu(k4a_device_t device) {
  of(device)->sample = 0;
  of(device)->imu = true;
  return K4A_RESULT_SUCCEEDED;
}
#endif

void k4a_device_stop_imu(k4a_device_t device) {
  end(*of(device), of(device)->imu);
}

/// Word imu: "hang", or "failed": a transfer failed. A sample every 600 us of the unit's clock; with `paced`,
/// as real time has come.
k4a_wait_result_t k4a_device_get_imu_sample(k4a_device_t device, k4a_imu_sample_t* sample,
                                            int32_t timeout_in_ms) {
  Unit& unit = *of(device);
  if (said("imu", "hang")) hang();
  if (said("imu", "failed")) {
    say(K4A_LOG_LEVEL_WARNING, "imu_capture_ready(). A streaming IMU transfer failed");
    return K4A_WAIT_RESULT_FAILED;
  }
  if (!unit.imu) return K4A_WAIT_RESULT_FAILED;
  const std::int64_t us = 700'000 + 600LL * unit.sample;
  if (word("paced") && us > 766'900 + (now_ns() - unit.started_ns) / 1000)
    return time_out(unit, unit.imu, timeout_in_ms < 0 ? timeout_in_ms : std::min(timeout_in_ms, 5));
  ++unit.sample;
  *sample = {.temperature = 30.0F,
             .acc_sample = {{0.0F, 0.0F, -9.81F}},
             .acc_timestamp_usec = static_cast<std::uint64_t>(us),
             .gyro_sample = {{0.0F, 0.0F, 0.0F}},
             .gyro_timestamp_usec = static_cast<std::uint64_t>(us)};
  return K4A_WAIT_RESULT_SUCCEEDED;
}

k4a_buffer_result_t k4a_device_get_serialnum(k4a_device_t device, char* serial_number,
                                             size_t* serial_number_size) {
  return give(serial_of(*of(device)), true, serial_number, serial_number_size);
}

k4a_result_t k4a_device_get_version(k4a_device_t, k4a_hardware_version_t* version) {
  *version = {};
  version->depth = {1, 1, 2};
  if (!kOrbbec) version->rgb = {1, 6, 110};
  return K4A_RESULT_SUCCEEDED;
}

k4a_result_t k4a_device_get_sync_jack(k4a_device_t, bool* sync_in_jack_connected,
                                      bool* sync_out_jack_connected) {
  if (said("jacks", "hang")) hang();
  if (gone()) return K4A_RESULT_FAILED;
  *sync_in_jack_connected = false;
  *sync_out_jack_connected = !kOrbbec;
  return K4A_RESULT_SUCCEEDED;
}

/// Orbbec's units have no backlight compensation, and no priority of the automatic exposure.
k4a_result_t k4a_device_get_color_control(k4a_device_t device, k4a_color_control_command_t command,
                                          k4a_color_control_mode_t* mode, int32_t* value) {
  const bool lacks = kOrbbec && (command == K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION ||
                                 command == K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY);
  if (gone() || lacks) return K4A_RESULT_FAILED;
  if (!kOrbbec || command == K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE) *mode = K4A_COLOR_CONTROL_MODE_MANUAL;
  *value = of(device)->controls.at(command);
  return K4A_RESULT_SUCCEEDED;
}

#ifndef ODD_BARE
/// Orbbec's brightness goes to 100 only; nobody asks the others.
k4a_result_t k4a_device_get_color_control_capabilities(k4a_device_t, k4a_color_control_command_t,
                                                       bool* supports_auto, int32_t* min_value,
                                                       int32_t* max_value, int32_t* step_value,
                                                       int32_t* default_value,
                                                       k4a_color_control_mode_t* default_mode) {
  *supports_auto = false;
  *min_value = 0;
  *max_value = 100;
  *step_value = 1;
  *default_value = 50;
  *default_mode = K4A_COLOR_CONTROL_MODE_MANUAL;
  return K4A_RESULT_SUCCEEDED;
}
#endif

/// Word controls=refused.
k4a_result_t k4a_device_set_color_control(k4a_device_t device, k4a_color_control_command_t command,
                                          k4a_color_control_mode_t, int32_t value) {
  if (gone() || said("controls", "refused")) return K4A_RESULT_FAILED;
  of(device)->controls.at(command) = value;
  return K4A_RESULT_SUCCEEDED;
}

/// Orbbec's: room for 10240 bytes is asked for, and fewer are used, without a NUL.
k4a_buffer_result_t k4a_device_get_raw_calibration(k4a_device_t, uint8_t* data, size_t* data_size) {
  if (!kOrbbec) return give(kCalibration, true, data, data_size);
  constexpr std::size_t kAsked = 10240;
  if (data == nullptr) {
    *data_size = kAsked;
    return K4A_BUFFER_RESULT_TOO_SMALL;
  }
  return *data_size < kAsked ? K4A_BUFFER_RESULT_FAILED : give(kCalibration, false, data, data_size);
}

#ifdef ODD_ORBBEC
/// Word clock_switch: "failed". What was chosen last is in odd_clock_mode.
K4A_EXPORT int odd_clock_mode = 1;
K4A_EXPORT k4a_result_t k4a_device_switch_device_clock_sync_mode(k4a_device_t, uint32_t mode, uint32_t) {
  if (said("clock_switch", "failed")) return K4A_RESULT_FAILED;
  odd_clock_mode = static_cast<int>(mode);
  return K4A_RESULT_SUCCEEDED;
}
K4A_EXPORT int k4a_device_get_pid(k4a_device_t) {
  return 0x066B;
}

/// Word access=refused: another process has the unit.
K4A_EXPORT k4a_result_t k4a_device_check_accessibility(uint32_t) {
  return said("access", "refused") ? K4A_RESULT_FAILED : K4A_RESULT_SUCCEEDED;
}
#endif

}  // extern "C"
