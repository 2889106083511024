#include "support/recording_support.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace genlock::test {
namespace {

constexpr std::size_t kMjpgBytes = 1000;

/// A fast sequence that no two seeds share.
class Noise {
 public:
  explicit Noise(unsigned seed) : state_(seed * 2654435761U + 12345U) {}
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

 private:
  std::uint32_t state_;
};

bool same_number(float a, float b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

Buffer synthetic_calibration() {
  static constexpr std::string_view kText = R"({"CalibrationInformation":{"Cameras":[]}})";
  return Buffer::copy_of(std::as_bytes(std::span(kText.data(), kText.size())));
}

}  // namespace

CameraConfig small_config() {
  CameraConfig config;
  config.color_resolution = ColorResolution::r720p;
  config.depth_mode = DepthMode::nfov_2x2binned;
  return config;
}

Image synthetic_image(PixelFormat format, Size size, DeviceTime time, unsigned seed) {
  const std::size_t bytes = format == PixelFormat::mjpg ? kMjpgBytes + seed % 7 : image_bytes(format, size);
  std::vector<std::byte> pixels(bytes);
  Noise noise(seed + 1);
  for (std::size_t at = 0; at < bytes; at += 4) {
    const std::uint32_t value = noise.next();
    std::memcpy(pixels.data() + at, &value, std::min<std::size_t>(4, bytes - at));
  }
  Image image;
  image.format = format;
  image.size = size;
  image.stride = stride_bytes(format, size.width);
  image.data = Buffer::from_vector(std::move(pixels));
  image.device_time = time;
  image.host_time = HostTime(std::chrono::nanoseconds(count_us(time) * 1000 + 5'000'000'000 + seed));
  return image;
}

Capture synthetic_capture(const CameraConfig& config, DeviceTime time, unsigned seed) {
  Capture capture;
  capture.temperature_c = 30.5F + static_cast<float>(seed % 8);
  if (config.color_on()) {
    Image& color = capture.color.emplace(
        synthetic_image(config.color_format, image_size(config.color_resolution), time, seed * 3));
    color.exposure = device_us(8330 + seed);
    color.white_balance = 4500 + seed;
    color.iso = 100 + seed;
  }
  const DeviceTime depth_time = time + config.depth_delay_off_color;
  const Size size = image_size(config.depth_mode);
  if (has_depth_image(config.depth_mode))
    capture.depth = synthetic_image(PixelFormat::depth16, size, depth_time, seed * 3 + 1);
  if (config.depth_on()) capture.ir = synthetic_image(PixelFormat::ir16, size, depth_time, seed * 3 + 2);
  return capture;
}

std::vector<ImuSample> synthetic_imu(DeviceTime first, std::size_t count, DeviceDuration period) {
  std::vector<ImuSample> samples(count);
  DeviceTime time = first;
  for (std::size_t i = 0; i < count; ++i, time += period) {
    const float part = static_cast<float>(i % 100) / 100;
    samples[i].accel = {part, -part, 9.81F};
    samples[i].accel_time = time;
    samples[i].gyro = {0.01F, part, -0.02F};
    samples[i].gyro_time = time + device_us(3);
  }
  return samples;
}

recording::RecordingInfo synthetic_info(const CameraConfig& config, bool imu) {
  HardwareVersion version;
  version.color = {1, 6, 110};
  version.depth = {1, 6, 79};
  return recording::info_from_unit(config, imu, "900000712345", version, synthetic_calibration(), true,
                                   {"bench-host", "11111111-2222-3333-4444-555555555555"});
}

recording::WriterOptions fixed_options() {
  recording::WriterOptions options;
  options.date = WallTime(std::chrono::seconds(1'600'000'000));
  options.uid_seed = 7;
  options.writing_app = "genlock-test";
  return options;
}

TakeContent synthetic_take(const CameraConfig& config, bool imu, std::size_t captures, DeviceTime start) {
  TakeContent content;
  const std::int64_t period = count_ticks(frame_period(config.rate));
  for (std::size_t i = 0; i < captures && (config.color_on() || config.depth_on()); ++i) {
    const DeviceTime time = start + api_time(device_ticks(period * static_cast<std::int64_t>(i)));
    content.captures.push_back(synthetic_capture(config, time, static_cast<unsigned>(i)));
  }
  const DeviceDuration span = api_time(device_ticks(period * static_cast<std::int64_t>(captures)));
  if (imu)
    content.imu =
        synthetic_imu(start - device_us(10'000), static_cast<std::size_t>(count_us(span) / 600) + 20);
  const auto pair_at = [&](DeviceTime time) {
    return HostPair{time, HostTime(std::chrono::nanoseconds(count_us(time) * 1000 + 5'000'000'000)),
                    WallTime(std::chrono::nanoseconds(count_us(time) * 1000 + 1'600'000'000'000'000'000))};
  };
  content.host_pairs = {pair_at(start), pair_at(start + span)};
  content.jacks = {{start, {.in = true, .out = std::nullopt}}, {start + span, {.in = false, .out = true}}};
  return content;
}

Status record_into(std::unique_ptr<ByteSink> sink, const recording::RecordingInfo& info,
                   const TakeContent& content, recording::WriterOptions options) {
  GENLOCK_ASSIGN(const auto writer, recording::Writer::create(std::move(sink), info, std::move(options)));
  Status first;
  const auto note = [&](const Status& status) {
    if (first && !status) first = status;
  };
  std::span<const ImuSample> imu = content.imu;
  for (const Capture& capture : content.captures) {
    const auto due = std::ranges::find_if(
        imu, [&](const ImuSample& sample) { return sample.accel_time > earliest_time(capture); });
    const auto batch = imu.first(static_cast<std::size_t>(due - imu.begin()));
    note(writer->write(batch));
    imu = imu.subspan(batch.size());
    note(writer->write(capture));
  }
  note(writer->write(imu));
  for (const HostPair& pair : content.host_pairs) note(writer->write(pair));
  for (const JackObservation& jacks : content.jacks) note(writer->write(jacks));
  note(writer->close());
  return first;
}

Result<std::vector<std::byte>> record(const recording::RecordingInfo& info, const TakeContent& content,
                                      recording::WriterOptions options) {
  const auto memory = std::make_shared<MemorySink>();
  GENLOCK_TRY(record_into(std::make_unique<KeptSink>(memory), info, content, std::move(options)));
  return memory->bytes();
}

namespace {

/// Keeps what a writer appends, but not what it fills in once it closes.
class KilledSink final : public ByteSink {
 public:
  explicit KilledSink(std::shared_ptr<MemorySink> kept) : kept_(std::move(kept)) {}
  Status append(ByteSpan bytes) override { return kept_->append(bytes); }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override {
    // The start offset is written once, before the first cluster; all later writes belong to closing.
    return patched_++ == 0 ? kept_->write_at(offset, bytes) : Status();
  }
  Status sync() override { return {}; }
  Status truncate(std::uint64_t size) override { return kept_->truncate(size); }
  Status reserve(std::uint64_t) override { return {}; }
  std::uint64_t size() const override { return kept_->size(); }

 private:
  std::shared_ptr<MemorySink> kept_;
  int patched_ = 0;
};

}  // namespace

Result<std::vector<std::byte>> record_unfinished(const recording::RecordingInfo& info,
                                                 const TakeContent& content) {
  const auto memory = std::make_shared<MemorySink>();
  GENLOCK_TRY(record_into(std::make_unique<KilledSink>(memory), info, content));
  std::vector<std::byte> file = memory->bytes();
  // Cues come last; they are appended by closing.
  static constexpr std::array kCues{std::byte{0x1C}, std::byte{0x53}, std::byte{0xBB}, std::byte{0x6B}};
  const auto cues = std::find_end(file.begin(), file.end(), kCues.begin(), kCues.end());
  file.erase(cues, file.end());
  return file;
}

void unfinish_stock_file(std::vector<std::byte>& file) {
  const auto void_from_to = [&](std::size_t from, std::size_t to) {
    std::fill(file.begin() + static_cast<std::ptrdiff_t>(from),
              file.begin() + static_cast<std::ptrdiff_t>(to), std::byte{0});
    file[from] = std::byte{0xEC};
    file[from + 1] = static_cast<std::byte>(0x40 | (to - from - 3) >> 8);
    file[from + 2] = static_cast<std::byte>(to - from - 3);
  };
  std::fill_n(file.begin() + 45, 7, std::byte{0});
  void_from_to(52, 1079);    // SeekHead
  void_from_to(1079, 1338);  // Info
  static constexpr std::string_view kOffsetTag = "K4A_START_OFFSET_NS";
  const auto tag = std::search(file.begin(), file.end(), kOffsetTag.begin(), kOffsetTag.end(),
                               [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
  if (tag != file.end()) *tag = std::byte{'X'};
}

Result<std::vector<std::byte>> load_file(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(const auto source, open_file(file));
  std::vector<std::byte> bytes(static_cast<std::size_t>(source->size()));
  GENLOCK_TRY(source->read_at(0, bytes));
  return bytes;
}

Result<Playback> play(std::unique_ptr<ByteSource> source) {
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open(std::move(source)));
  Playback all;
  all.info = reader->info();
  while (true) {
    GENLOCK_ASSIGN(std::optional<Capture> capture, reader->next_capture());
    if (!capture) break;
    all.captures.push_back(*std::move(capture));
  }
  while (true) {
    GENLOCK_ASSIGN(const std::optional<ImuSample> sample, reader->next_imu_sample());
    if (!sample) break;
    all.imu.push_back(*sample);
  }
  GENLOCK_ASSIGN(all.survey, reader->survey(recording::SurveyFrom::clusters));
  return all;
}

Result<Playback> play(std::vector<std::byte> file) {
  return play(std::make_unique<MemorySource>(std::move(file)));
}

Result<Playback> play(const std::filesystem::path& file) {
  GENLOCK_ASSIGN(auto source, open_file(file));
  return play(std::move(source));
}

bool same_image(const Image& a, const Image& b) {
  return a.format == b.format && a.size == b.size && a.stride == b.stride && a.device_time == b.device_time &&
         a.host_time == b.host_time && a.exposure == b.exposure && a.white_balance == b.white_balance &&
         a.iso == b.iso && std::ranges::equal(a.data.bytes(), b.data.bytes());
}

bool same_image(const std::optional<Image>& a, const std::optional<Image>& b) {
  return a.has_value() == b.has_value() && (!a || same_image(*a, *b));
}

bool same_capture(const Capture& a, const Capture& b) {
  return same_image(a.color, b.color) && same_image(a.depth, b.depth) && same_image(a.ir, b.ir) &&
         same_number(a.temperature_c, b.temperature_c);
}

bool same_sample(const ImuSample& a, const ImuSample& b) {
  return a.accel == b.accel && a.accel_time == b.accel_time && a.gyro == b.gyro && a.gyro_time == b.gyro_time;
}

std::filesystem::path data_file(const std::filesystem::path& name) {
  return GENLOCK_TEST_DATA / name;
}

}  // namespace genlock::test
