#include "recording/load.h"

#include <algorithm>
#include <cstring>

#include "recording/format.h"

namespace genlock::bench {
namespace {

constexpr std::size_t kSamplesPerFrame = 53;

DeviceTime time_of(std::size_t number) {
  return device_time_us(1'000'000) + api_time(device_ticks(3000 * static_cast<std::int64_t>(number)));
}

Buffer noise(std::size_t bytes, std::uint64_t seed) {
  std::vector<std::byte> made(bytes);
  std::uint64_t state = seed;
  for (std::size_t at = 0; at < bytes; at += sizeof state) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(made.data() + at, &state, std::min(sizeof state, bytes - at));
  }
  return Buffer::from_vector(std::move(made));
}

Image image(PixelFormat format, Size size, std::size_t bytes, std::uint64_t seed) {
  Image made;
  made.format = format;
  made.size = size;
  made.stride = stride_bytes(format, size.width);
  made.data = noise(bytes, seed);
  return made;
}

void set_time(std::optional<Image>& image, DeviceTime time) {
  image->device_time = time;
  image->host_time = HostTime(std::chrono::microseconds(count_us(time)));
}

}  // namespace

Load::Load(Options options) : options_(options) {
  const CameraConfig cameras = config();
  const Size depth = image_size(cameras.depth_mode);
  const std::size_t depth_bytes = image_bytes(PixelFormat::depth16, depth);
  const std::size_t steps = std::max<std::size_t>(1, options.different - 1);
  for (std::size_t i = 0; i < options.different; ++i) {
    const std::size_t jpeg =
        options.smallest_jpeg + (options.largest_jpeg - options.smallest_jpeg) * i / steps;
    Capture capture;
    capture.color = image(PixelFormat::mjpg, image_size(cameras.color_resolution), jpeg, 3 * i);
    capture.depth = image(PixelFormat::depth16, depth, depth_bytes, 3 * i + 1);
    capture.ir = image(PixelFormat::ir16, depth, depth_bytes, 3 * i + 2);
    captures_.push_back(std::move(capture));
  }
}

CameraConfig Load::config() {
  return {.color_resolution = ColorResolution::r1080p,
          .depth_mode = DepthMode::nfov_unbinned,
          .rate = FrameRate::fps30};
}

recording::RecordingInfo Load::info() {
  return recording::info_from_unit(config(), true, "000000000000", {}, {}, true, {});
}

Capture Load::capture(std::size_t number) const {
  Capture capture = captures_[number % captures_.size()];
  set_time(capture.color, time_of(number));
  set_time(capture.depth, time_of(number));
  set_time(capture.ir, time_of(number));
  return capture;
}

std::vector<ImuSample> Load::imu(std::size_t number) const {
  std::vector<ImuSample> samples(kSamplesPerFrame);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].accel_time = samples[i].gyro_time =
        time_of(number) + device_us(625 * static_cast<std::int64_t>(i));
    samples[i].accel = {0.1F, -0.2F, 9.81F};
  }
  return samples;
}

std::uint64_t Load::bytes(std::size_t captures) const {
  std::uint64_t bytes = captures * kSamplesPerFrame * recording::kImuSampleBytes;
  for (std::size_t i = 0; i < captures; ++i) bytes += bytes_of(captures_[i % captures_.size()]);
  return bytes;
}

std::size_t Load::captures_of(double gigabytes) const {
  const auto all = static_cast<double>(bytes(captures_.size()));
  return static_cast<std::size_t>(gigabytes * 1e9 * static_cast<double>(captures_.size()) / all) + 1;
}

std::uint64_t bytes_of(const Capture& capture) {
  std::uint64_t bytes = 0;
  for (const std::optional<Image>* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) bytes += (*image)->data.size();
  return bytes;
}

Capture CameraMemory::capture(std::size_t number) {
  Capture made = load_.capture(number);
  const auto renew = [](Image& image, BufferPool& pool, std::size_t room) {
    const ByteSpan pixels = image.data.bytes();
    WritableBuffer memory = pool.take(room);
    std::ranges::copy(pixels, memory.bytes().begin());
    image.data = std::move(memory).seal(pixels.size());
  };
  renew(*made.color, color_, load_.largest_jpeg());
  renew(*made.depth, depth_, made.depth->data.size());
  renew(*made.ir, depth_, made.ir->data.size());
  return made;
}

}  // namespace genlock::bench
