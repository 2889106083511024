#include <dlfcn.h>

#include <cstring>

#include "k4a/k4a.h"
#include "k4arecord/record.h"
#include "recording/rivals.h"

namespace genlock::bench {
namespace {

/// Genlock's libk4arecord, loaded as a program loads it. Images and captures come from the libk4a that it
/// finds: the official one where that is loaded already, so that both recorders get theirs from the same
/// library.
class CLibrary {
 public:
  static Result<CLibrary> load() {
    void* const library = dlopen(GENLOCK_K4ARECORD, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return Error(Errc::not_found, dlerror());
    return CLibrary(library);
  }

  /// A function of either library. `Function` is the type of its declaration.
  template <class Function>
  Function* get(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }

 private:
  explicit CLibrary(void* library) : library_(library) {}

  void* library_;  ///< until the process ends
};

#define FUNCTION(library, name) (library).get<decltype(name)>(#name)

k4a_device_configuration_t device_config(const CameraConfig& config) {
  k4a_device_configuration_t made = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  made.color_format = static_cast<k4a_image_format_t>(config.color_format);
  made.color_resolution = static_cast<k4a_color_resolution_t>(config.color_resolution);
  made.depth_mode = static_cast<k4a_depth_mode_t>(config.depth_mode);
  made.camera_fps = static_cast<k4a_fps_t>(config.rate);
  return made;
}

k4a_imu_sample_t imu_sample(const ImuSample& sample) {
  k4a_imu_sample_t made{};
  std::memcpy(made.acc_sample.v, sample.accel.data(), sizeof made.acc_sample.v);
  std::memcpy(made.gyro_sample.v, sample.gyro.data(), sizeof made.gyro_sample.v);
  made.acc_timestamp_usec = static_cast<std::uint64_t>(count_us(sample.accel_time));
  made.gyro_timestamp_usec = static_cast<std::uint64_t>(count_us(sample.gyro_time));
  return made;
}

/// A capture's handle; its pixels are the load's.
class CCapture {
 public:
  CCapture(const CLibrary& library, const Capture& from) : library_(library) {
    FUNCTION(library, k4a_capture_create)(&handle_);
    set(FUNCTION(library, k4a_capture_set_color_image), *from.color);
    set(FUNCTION(library, k4a_capture_set_depth_image), *from.depth);
    set(FUNCTION(library, k4a_capture_set_ir_image), *from.ir);
  }
  CCapture(const CCapture&) = delete;
  CCapture& operator=(const CCapture&) = delete;
  ~CCapture() { FUNCTION(library_, k4a_capture_release)(handle_); }

  k4a_capture_t handle() const { return handle_; }

 private:
  void set(void (*setter)(k4a_capture_t, k4a_image_t), const Image& from) {
    auto* const pixels = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(from.data.data()));
    k4a_image_t image = nullptr;
    FUNCTION(library_, k4a_image_create_from_buffer)
    (static_cast<k4a_image_format_t>(from.format), from.size.width, from.size.height, from.stride, pixels,
     from.data.size(), nullptr, nullptr, &image);
    FUNCTION(library_, k4a_image_set_device_timestamp_usec)
    (image, static_cast<std::uint64_t>(count_us(from.device_time)));
    setter(handle_, image);
    FUNCTION(library_, k4a_image_release)(image);
  }

  const CLibrary& library_;
  k4a_capture_t handle_ = nullptr;
};

Status checked(k4a_result_t result, const char* call) {
  if (result == K4A_RESULT_SUCCEEDED) return {};
  return Error(Errc::io, std::string(call) + " failed");
}

/// A recording through the C functions.
class CRecorder {
 public:
  explicit CRecorder(const CLibrary& library) : library_(library) {}
  CRecorder(const CRecorder&) = delete;
  CRecorder& operator=(const CRecorder&) = delete;
  ~CRecorder() { FUNCTION(library_, k4a_record_close)(handle_); }

  Status create(const std::filesystem::path& file) {
    const auto config = device_config(Load::config());
    GENLOCK_TRY(
        checked(FUNCTION(library_, k4a_record_create)(file.c_str(), nullptr, config, &handle_), "create"));
    GENLOCK_TRY(checked(FUNCTION(library_, k4a_record_add_imu_track)(handle_), "add_imu_track"));
    return checked(FUNCTION(library_, k4a_record_write_header)(handle_), "write_header");
  }
  Status write(const CCapture& capture) const {
    return checked(write_capture_(handle_, capture.handle()), "write_capture");
  }
  Status write(const ImuSample& sample) const {
    return checked(write_sample_(handle_, imu_sample(sample)), "write_imu_sample");
  }
  Status flush() const { return checked(FUNCTION(library_, k4a_record_flush)(handle_), "flush"); }

 private:
  const CLibrary& library_;
  decltype(&k4a_record_write_capture) write_capture_ = FUNCTION(library_, k4a_record_write_capture);
  decltype(&k4a_record_write_imu_sample) write_sample_ = FUNCTION(library_, k4a_record_write_imu_sample);
  k4a_record_t handle_ = nullptr;
};

}  // namespace

Result<Work> pace_c_abi(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  GENLOCK_ASSIGN(const CLibrary library, CLibrary::load());
  CRecorder recorder(library);
  GENLOCK_TRY(recorder.create(file));
  CameraMemory camera(load);
  PacedCalls calls;
  const HostTime start = system_clock().now();
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture pixels = camera.capture(i);
    const CCapture capture(library, pixels);
    const auto imu = load.imu(i);
    wait_for_frame(start, i);
    GENLOCK_TRY(calls.time([&] { return recorder.write(capture); }));
    for (const ImuSample& sample : imu) GENLOCK_TRY(recorder.write(sample));
  }
  GENLOCK_TRY(recorder.flush());
  return Work{std::chrono::duration<double>(system_clock().now() - start).count(), calls.take()};
}

Result<Work> write_c_abi(const std::filesystem::path& file, const Load& load, std::size_t captures) {
  GENLOCK_ASSIGN(const CLibrary library, CLibrary::load());
  CRecorder recorder(library);
  const HostTime start = system_clock().now();
  GENLOCK_TRY(recorder.create(file));
  for (std::size_t i = 0; i < captures; ++i) {
    const Capture pixels = load.capture(i);
    GENLOCK_TRY(recorder.write(CCapture(library, pixels)));
    for (const ImuSample& sample : load.imu(i)) GENLOCK_TRY(recorder.write(sample));
  }
  GENLOCK_TRY(recorder.flush());
  return Work{std::chrono::duration<double>(system_clock().now() - start).count(), {}};
}

}  // namespace genlock::bench
