#include "stock_library.h"

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <type_traits>

#include "stock_functions.h"

namespace genlock::test {
namespace {

struct DeviceConfig {
  std::uint32_t color_format, color_resolution, depth_mode, fps;
  bool synchronized_only;
  std::int32_t depth_delay;
  std::uint32_t sync_mode, delay_off_master;
  bool no_indicator;
};
static_assert(sizeof(DeviceConfig) == 36);

std::string load() {
  // libk4arecord needs libk4a.so.1.4: loaded before it and globally, it is found by its name.
  for (const char* library : {"libk4a.so.1.4", "libk4arecord.so.1.4"}) {
    const std::filesystem::path path = std::filesystem::path(GENLOCK_ORACLE_FOLDER) / library;
    if (!std::filesystem::exists(path))
      return path.string() + " was not fetched (is there a network and npm?)";
    if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) return dlerror();
  }
  return "";
}

void set(Handle capture, const char* setter, const std::optional<Image>& from) {
  if (!from) return;
  Handle image = nullptr;
  auto* bytes = const_cast<std::byte*>(from->data.data());
  function<int(int, int, int, int, std::byte*, std::size_t, void*, void*, Handle*)>(
      "k4a_image_create_from_buffer")(static_cast<int>(from->format), from->size.width, from->size.height,
                                      from->stride, bytes, from->data.size(), nullptr, nullptr, &image);
  function<void(Handle, std::uint64_t)>("k4a_image_set_device_timestamp_usec")(
      image, static_cast<std::uint64_t>(count_us(from->device_time)));
  function<void(Handle, Handle)>(setter)(capture, image);
  function<void(Handle)>("k4a_image_release")(image);
}

}  // namespace

std::optional<std::string> stock_library_missing() {
  static const std::string reason = load();
  return reason.empty() ? std::nullopt : std::optional(reason);
}

StockCapture::StockCapture(const Capture& from) {
  function<int(Handle*)>("k4a_capture_create")(&handle_);
  set(handle_, "k4a_capture_set_color_image", from.color);
  set(handle_, "k4a_capture_set_depth_image", from.depth);
  set(handle_, "k4a_capture_set_ir_image", from.ir);
}

StockCapture::~StockCapture() {
  if (handle_ != nullptr) function<void(Handle)>("k4a_capture_release")(handle_);
}

Result<StockRecorder> StockRecorder::create(const std::filesystem::path& file, const CameraConfig& config,
                                            bool imu) {
  const DeviceConfig device{static_cast<std::uint32_t>(config.color_format),
                            static_cast<std::uint32_t>(config.color_resolution),
                            static_cast<std::uint32_t>(config.depth_mode),
                            static_cast<std::uint32_t>(config.rate),
                            false,
                            static_cast<std::int32_t>(count_us(config.depth_delay_off_color)),
                            static_cast<std::uint32_t>(config.sync_mode),
                            static_cast<std::uint32_t>(count_us(config.delay_off_master)),
                            false};
  Handle handle = nullptr;
  if (function<int(const char*, Handle, DeviceConfig, Handle*)>("k4a_record_create")(file.c_str(), nullptr,
                                                                                     device, &handle) != kOk)
    return failed("record_create");
  StockRecorder recorder(handle);
  if (imu && function<int(Handle)>("k4a_record_add_imu_track")(handle) != kOk) return failed("add_imu_track");
  if (function<int(Handle)>("k4a_record_write_header")(handle) != kOk) return failed("write_header");
  return recorder;
}

StockRecorder::~StockRecorder() {
  if (handle_ != nullptr) function<void(Handle)>("k4a_record_close")(handle_);
}

Status StockRecorder::write(const StockCapture& capture) {
  static auto* const write_capture = function<int(Handle, Handle)>("k4a_record_write_capture");
  return write_capture(handle_, capture.handle()) == kOk ? Status() : failed("write_capture");
}

Status StockRecorder::write(const ImuSample& from) {
  StockImuSample sample{};
  std::memcpy(sample.accel.v, from.accel.data(), sizeof sample.accel.v);
  std::memcpy(sample.gyro.v, from.gyro.data(), sizeof sample.gyro.v);
  sample.accel_us = static_cast<std::uint64_t>(count_us(from.accel_time));
  sample.gyro_us = static_cast<std::uint64_t>(count_us(from.gyro_time));
  static auto* const write_sample = function<int(Handle, StockImuSample)>("k4a_record_write_imu_sample");
  return write_sample(handle_, sample) == kOk ? Status() : failed("write_imu_sample");
}

Status StockRecorder::flush() {
  return function<int(Handle)>("k4a_record_flush")(handle_) == kOk ? Status() : failed("flush");
}

namespace {

/// Writes the take; `written` is told the number of captures after each.
Status write_take(StockRecorder& writer, const TakeContent& content,
                  const std::function<Status(std::size_t)>& written) {
  auto sample = content.imu.begin();
  std::size_t captures = 0;
  for (const Capture& capture : content.captures) {
    for (; sample != content.imu.end() && sample->accel_time < earliest_time(capture); ++sample)
      GENLOCK_TRY(writer.write(*sample));
    GENLOCK_TRY(writer.write(StockCapture(capture)));
    GENLOCK_TRY(written(++captures));
  }
  for (; sample != content.imu.end(); ++sample) GENLOCK_TRY(writer.write(*sample));
  return {};
}

/// The part of a take that a recorder still takes after a flush behind its capture number `captures`: nothing
/// of the clusters on disk.
TakeContent after_flush(const TakeContent& content, std::size_t captures) {
  TakeContent rest;
  rest.captures.assign(content.captures.begin() + static_cast<std::ptrdiff_t>(captures),
                       content.captures.end());
  const DeviceTime from = earliest_time(content.captures.at(captures - 1)) + device_us(64'000);
  for (const ImuSample& sample : content.imu)
    if (sample.accel_time > from) rest.imu.push_back(sample);
  return rest;
}

TakeContent before_flush(const TakeContent& content, std::size_t captures) {
  TakeContent first;
  first.captures.assign(content.captures.begin(),
                        content.captures.begin() + static_cast<std::ptrdiff_t>(captures));
  const DeviceTime until = earliest_time(first.captures.back());
  for (const ImuSample& sample : content.imu)
    if (sample.accel_time < until) first.imu.push_back(sample);
  return first;
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::file_size(file, ignored);
}

/// Only the child's exit is left to say that something failed.
[[noreturn]] void record_and_die(const std::filesystem::path& file, const CameraConfig& config, bool imu,
                                 const TakeContent& content, const StockDeath& death, std::uint64_t bytes) {
  Result<StockRecorder> created = StockRecorder::create(file, config, imu);
  if (!created) _exit(1);
  StockRecorder& writer = *created;
  std::size_t flushed = 0;
  if (death.flush) {
    flushed = *death.flush;
    if (!write_take(writer, before_flush(content, flushed), [](std::size_t) { return Status(); })) _exit(2);
    if (!writer.flush()) _exit(3);
  }
  const TakeContent rest = flushed > 0 ? after_flush(content, flushed) : content;
  (void)write_take(writer, rest, [&](std::size_t captures) -> Status {
    if (flushed + captures < death.at) return {};
    while (size_of(file) < bytes) sched_yield();
    raise(SIGKILL);
    return {};
  });
  _exit(4);
}

}  // namespace

Status stock_record(const std::filesystem::path& file, const CameraConfig& config, bool imu,
                    const TakeContent& content) {
  GENLOCK_ASSIGN(StockRecorder writer, StockRecorder::create(file, config, imu));
  GENLOCK_TRY(write_take(writer, content, [](std::size_t) { return Status(); }));
  return writer.flush();
}

Status stock_record_and_die(const std::filesystem::path& file, const CameraConfig& config, bool imu,
                            const TakeContent& content, const StockDeath& death, std::uint64_t bytes) {
  const pid_t child = fork();
  if (child == 0) record_and_die(file, config, imu, content, death, bytes);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return failed("a child process");
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? Status() : failed("recording in a child");
}

}  // namespace genlock::test
