#include "stock_reader.h"

#include <cstring>

#include "in_child.h"
#include "stock_functions.h"

namespace genlock::test {

// Not of the namespace without a name, in which templates would not find them.
static void pass(Parcel& parcel, Buffer& buffer) {
  std::vector<std::byte> bytes(buffer.bytes().begin(), buffer.bytes().end());
  std::size_t size = bytes.size();
  pass(parcel, size);
  bytes.resize(size);
  parcel.pass(bytes.data(), size);
  buffer = Buffer::from_vector(std::move(bytes));
}

static void pass(Parcel& parcel, Image& image) {
  pass(parcel, image.format);
  pass(parcel, image.size);
  pass(parcel, image.stride);
  pass(parcel, image.data);
  pass(parcel, image.device_time);
}

static void pass(Parcel& parcel, Capture& capture) {
  pass(parcel, capture.color);
  pass(parcel, capture.depth);
  pass(parcel, capture.ir);
}

static void pass(Parcel& parcel, StockPlayback& played) {
  pass(parcel, played.config);
  pass(parcel, played.captures);
  pass(parcel, played.imu);
  pass(parcel, played.calibration);
  pass(parcel, played.tracks);
  pass(parcel, played.builtin_tracks);
  pass(parcel, played.length_us);
}

static void pass(Parcel& parcel, StockData& data) {
  pass(parcel, data.time);
  pass(parcel, data.bytes);
}

namespace {

struct RecordConfig {
  std::uint32_t color_format, color_resolution, depth_mode, fps;
  bool color, depth, ir, imu;
  std::int32_t depth_delay;
  std::uint32_t sync_mode, delay_off_master, start_offset;
  std::uint32_t spare;  ///< other builds of the library write 40 bytes
};

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

template <class T>
Result<T> with_reader(const std::filesystem::path& file, const std::function<Result<T>(StockReader&)>& read) {
  return in_child<T>([&]() -> Result<T> {
    StockReader reader;
    GENLOCK_TRY(reader.open(file));
    return read(reader);
  });
}

}  // namespace

Result<StockPlayback> stock_play(const std::filesystem::path& file) {
  return with_reader<StockPlayback>(file, [](StockReader& reader) { return reader.read_all(); });
}

Result<std::vector<StockData>> stock_data(const std::filesystem::path& file, const std::string& track) {
  return with_reader<std::vector<StockData>>(file, [&](StockReader& reader) { return reader.data(track); });
}

std::optional<std::string> stock_attachment(const std::filesystem::path& file, const std::string& name) {
  const auto found = with_reader<std::optional<std::string>>(
      file, [&](StockReader& reader) { return reader.attachment(name); });
  return found ? *found : std::nullopt;
}

std::optional<std::string> stock_tag(const std::filesystem::path& file, const std::string& name) {
  const auto found =
      with_reader<std::optional<std::string>>(file, [&](StockReader& reader) { return reader.tag(name); });
  return found ? *found : std::nullopt;
}

}  // namespace genlock::test
