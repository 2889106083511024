#include "stock_library.h"

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <type_traits>

namespace genlock::test {
namespace {

using Handle = void*;

struct Float3 {
  float v[3];
};

struct StockImuSample {
  float temperature;
  Float3 accel;
  std::uint64_t accel_us;
  Float3 gyro;
  std::uint64_t gyro_us;
};
static_assert(sizeof(StockImuSample) == 48);

struct RecordConfig {
  std::uint32_t color_format, color_resolution, depth_mode, fps;
  bool color, depth, ir, imu;
  std::int32_t depth_delay;
  std::uint32_t sync_mode, delay_off_master, start_offset;
  std::uint32_t spare;  ///< other builds of the library write 40 bytes
};

struct DeviceConfig {
  std::uint32_t color_format, color_resolution, depth_mode, fps;
  bool synchronized_only;
  std::int32_t depth_delay;
  std::uint32_t sync_mode, delay_off_master;
  bool no_indicator;
};
static_assert(sizeof(DeviceConfig) == 36);

constexpr int kOk = 0;
constexpr int kTooSmall = 2;
constexpr int kEnd = 2;

/// A function of one of the libraries, found by name on first use.
template <class Signature>
Signature* function(const char* name) {
  return reinterpret_cast<Signature*>(dlsym(RTLD_DEFAULT, name));
}

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

Error failed(const std::string& what) {
  return Error(Errc::corrupt, "the official library: " + what + " failed");
}

/// What a call with a buffer and a size gives: asked for its size first.
template <class Call>
std::optional<std::string> sized(Call call) {
  std::size_t size = 0;
  if (call(nullptr, &size) != kTooSmall) return std::nullopt;
  std::string text(size, '\0');
  if (call(text.data(), &size) != kOk) return std::nullopt;
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

class StockReader {
 public:
  ~StockReader() {
    if (playback_ != nullptr) function<void(Handle)>("k4a_playback_close")(playback_);
  }

  Status open(const std::filesystem::path& file) {
    if (function<int(const char*, Handle*)>("k4a_playback_open")(file.c_str(), &playback_) != kOk)
      return failed("open");
    return {};
  }

  Result<StockPlayback> read_all() {
    StockPlayback all;
    GENLOCK_ASSIGN(all.config, config());
    GENLOCK_TRY(read_captures(all.captures));
    GENLOCK_TRY(read_imu(all.imu));
    all.calibration =
        sized([&](char* buffer, std::size_t* size) {
          return function<int(Handle, std::uint8_t*, std::size_t*)>("k4a_playback_get_raw_calibration")(
              playback_, reinterpret_cast<std::uint8_t*>(buffer), size);
        }).value_or("");
    read_track_names(all);
    all.length_us = function<std::uint64_t(Handle)>("k4a_playback_get_recording_length_usec")(playback_);
    return all;
  }

  std::optional<std::string> tag(const std::string& name) {
    return sized([&](char* buffer, std::size_t* size) {
      return function<int(Handle, const char*, char*, std::size_t*)>("k4a_playback_get_tag")(
          playback_, name.c_str(), buffer, size);
    });
  }

  std::optional<std::string> attachment(const std::string& name) {
    return sized([&](char* buffer, std::size_t* size) {
      return function<int(Handle, const char*, std::uint8_t*, std::size_t*)>("k4a_playback_get_attachment")(
          playback_, name.c_str(), reinterpret_cast<std::uint8_t*>(buffer), size);
    });
  }

  Result<std::vector<StockData>> data(const std::string& track) {
    std::vector<StockData> all;
    while (true) {
      Handle block = nullptr;
      const int result = function<int(Handle, const char*, Handle*)>("k4a_playback_get_next_data_block")(
          playback_, track.c_str(), &block);
      if (result == kEnd) return all;
      if (result != kOk) return failed("get_next_data_block");
      const auto* bytes = function<std::byte*(Handle)>("k4a_playback_data_block_get_buffer")(block);
      const std::size_t size =
          function<std::size_t(Handle)>("k4a_playback_data_block_get_buffer_size")(block);
      const auto time =
          function<std::uint64_t(Handle)>("k4a_playback_data_block_get_device_timestamp_usec")(block);
      all.push_back({device_time_us(static_cast<std::int64_t>(time)), {bytes, bytes + size}});
      function<void(Handle)>("k4a_playback_data_block_release")(block);
    }
  }

 private:
  Result<StockConfig> config() {
    RecordConfig found{};
    if (function<int(Handle, RecordConfig*)>("k4a_playback_get_record_configuration")(playback_, &found) !=
        kOk)
      return failed("get_record_configuration");
    StockConfig config;
    config.color_format = found.color_format;
    config.color_resolution = found.color_resolution;
    config.depth_mode = found.depth_mode;
    config.fps = found.fps;
    config.color = found.color;
    config.depth = found.depth;
    config.ir = found.ir;
    config.imu = found.imu;
    config.depth_delay_us = found.depth_delay;
    config.sync_mode = found.sync_mode;
    config.delay_off_master_us = found.delay_off_master;
    config.start_offset_us = found.start_offset;
    return config;
  }

  Status read_captures(std::vector<Capture>& captures) {
    while (true) {
      Handle capture = nullptr;
      const int result = function<int(Handle, Handle*)>("k4a_playback_get_next_capture")(playback_, &capture);
      if (result == kEnd) return {};
      if (result != kOk) return failed("get_next_capture");
      Capture& copy = captures.emplace_back();
      copy.color = image(function<Handle(Handle)>("k4a_capture_get_color_image")(capture));
      copy.depth = image(function<Handle(Handle)>("k4a_capture_get_depth_image")(capture));
      copy.ir = image(function<Handle(Handle)>("k4a_capture_get_ir_image")(capture));
      function<void(Handle)>("k4a_capture_release")(capture);
    }
  }

  static std::optional<Image> image(Handle from) {
    if (from == nullptr) return std::nullopt;
    Image copy;
    copy.format = static_cast<PixelFormat>(function<int(Handle)>("k4a_image_get_format")(from));
    copy.size = {function<int(Handle)>("k4a_image_get_width_pixels")(from),
                 function<int(Handle)>("k4a_image_get_height_pixels")(from)};
    copy.stride = function<int(Handle)>("k4a_image_get_stride_bytes")(from);
    const auto* pixels = function<std::byte*(Handle)>("k4a_image_get_buffer")(from);
    copy.data = Buffer::copy_of({pixels, function<std::size_t(Handle)>("k4a_image_get_size")(from)});
    copy.device_time = device_time_us(static_cast<std::int64_t>(
        function<std::uint64_t(Handle)>("k4a_image_get_device_timestamp_usec")(from)));
    function<void(Handle)>("k4a_image_release")(from);
    return copy;
  }

  Status read_imu(std::vector<ImuSample>& samples) {
    while (true) {
      StockImuSample found{};
      const int result =
          function<int(Handle, StockImuSample*)>("k4a_playback_get_next_imu_sample")(playback_, &found);
      if (result == kEnd) return {};
      if (result != kOk) return failed("get_next_imu_sample");
      ImuSample& sample = samples.emplace_back();
      std::memcpy(sample.accel.data(), found.accel.v, sizeof found.accel.v);
      std::memcpy(sample.gyro.data(), found.gyro.v, sizeof found.gyro.v);
      sample.accel_time = device_time_us(static_cast<std::int64_t>(found.accel_us));
      sample.gyro_time = device_time_us(static_cast<std::int64_t>(found.gyro_us));
    }
  }

  void read_track_names(StockPlayback& all) {
    const std::size_t count = function<std::size_t(Handle)>("k4a_playback_get_track_count")(playback_);
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<std::string> name = sized([&](char* buffer, std::size_t* size) {
        return function<int(Handle, std::size_t, char*, std::size_t*)>("k4a_playback_get_track_name")(
            playback_, i, buffer, size);
      });
      if (!name) continue;
      all.tracks.push_back(*name);
      if (function<bool(Handle, const char*)>("k4a_playback_track_is_builtin")(playback_, name->c_str()))
        all.builtin_tracks.push_back(*name);
    }
  }

  Handle playback_ = nullptr;
};

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

Result<StockPlayback> stock_play(const std::filesystem::path& file) {
  StockReader reader;
  GENLOCK_TRY(reader.open(file));
  return reader.read_all();
}

Result<std::vector<StockData>> stock_data(const std::filesystem::path& file, const std::string& track) {
  StockReader reader;
  GENLOCK_TRY(reader.open(file));
  return reader.data(track);
}

std::optional<std::string> stock_attachment(const std::filesystem::path& file, const std::string& name) {
  StockReader reader;
  if (!reader.open(file)) return std::nullopt;
  return reader.attachment(name);
}

std::optional<std::string> stock_tag(const std::filesystem::path& file, const std::string& name) {
  StockReader reader;
  if (!reader.open(file)) return std::nullopt;
  return reader.tag(name);
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
