#include "made_recording.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace genlock::replay {
namespace {

constexpr DeviceDuration kImuPeriod = device_us(600);

/// Writes to a sink that outlives the Writer.
class BorrowedSink final : public ByteSink {
 public:
  explicit BorrowedSink(ByteSink& sink) : sink_(sink) {}
  Status append(ByteSpan bytes) override { return sink_.append(bytes); }
  Status write_at(std::uint64_t offset, ByteSpan bytes) override { return sink_.write_at(offset, bytes); }
  Status sync() override { return sink_.sync(); }
  std::uint64_t size() const override { return sink_.size(); }

 private:
  ByteSink& sink_;
};

/// Reads memory that several sources share.
class SharedSource final : public ByteSource {
 public:
  explicit SharedSource(std::shared_ptr<const MemorySource> memory) : memory_(std::move(memory)) {}
  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    return memory_->read_at(offset, out);
  }
  std::uint64_t size() const override { return memory_->size(); }

 private:
  const std::shared_ptr<const MemorySource> memory_;
};

DeviceTime stamp(const MadeRecording& made, int number) {
  return DeviceTime(api_time(made.first + frame_period(made.config.rate) * number));
}

Image flat(PixelFormat format, Size size, std::size_t bytes, int number, DeviceTime time) {
  std::vector<std::byte> pixels(bytes, shade(number));
  if (format == PixelFormat::mjpg) {
    pixels[0] = std::byte{0xFF};
    pixels[1] = std::byte{0xD8};
  }
  return {.format = format,
          .size = size,
          .stride = stride_bytes(format, size.width),
          .data = Buffer::from_vector(std::move(pixels)),
          .device_time = time};
}

Image colored(Image image) {
  image.exposure = device_us(8330);
  image.white_balance = 4500;
  image.iso = 400;
  return image;
}

std::vector<ImuSample> samples_at_rest(DeviceTime from, DeviceTime to) {
  std::vector<ImuSample> samples;
  for (DeviceTime time = from; time <= to; time += kImuPeriod)
    samples.push_back({.accel = {0.0F, 0.0F, -9.80665F},
                       .accel_time = time,
                       .gyro = {0.001F, 0.0F, 0.0F},
                       .gyro_time = time});
  return samples;
}

void write_frames(const MadeRecording& made, recording::Writer& writer) {
  DeviceTime imu_from = stamp(made, 0);
  for (int number = 0; number < made.frames; ++number) {
    EXPECT_TRUE(writer.write(made_capture(made, number)));
    const auto samples = samples_at_rest(imu_from, stamp(made, number));
    if (!made.imu || samples.empty()) continue;
    EXPECT_TRUE(writer.write(samples));
    imu_from = samples.back().accel_time + kImuPeriod;
  }
}

}  // namespace

Capture made_capture(const MadeRecording& made, int number) {
  const CameraConfig& config = made.config;
  const DeviceTime time = stamp(made, number);
  Capture capture;
  const bool lost = std::ranges::find(made.without_color, number) != made.without_color.end();
  if (config.color_on() && !lost)
    capture.color =
        colored(flat(config.color_format, image_size(config.color_resolution), 1000, number, time));
  const Size size = image_size(config.depth_mode);
  const std::size_t bytes = image_bytes(PixelFormat::depth16, size);
  const DeviceTime depth_time = time + config.depth_delay_off_color;
  if (has_depth_image(config.depth_mode))
    capture.depth = flat(PixelFormat::depth16, size, bytes, number, depth_time);
  if (!config.depth_on()) return capture;
  capture.ir = flat(PixelFormat::ir16, size, bytes, number, depth_time);
  capture.temperature_c = 31.5F;
  return capture;
}

std::vector<std::byte> written(const recording::RecordingInfo& info,
                               const std::function<void(recording::Writer&)>& write) {
  MemorySink memory;
  const auto writer = recording::Writer::create(std::make_unique<BorrowedSink>(memory), info, {});
  EXPECT_TRUE(writer) << (writer ? "" : writer.error().message());
  if (!writer) return {};
  write(**writer);
  EXPECT_TRUE((*writer)->close());
  return memory.bytes();
}

std::vector<std::byte> write_recording(const MadeRecording& made) {
  const std::string calibration = "{\"text\":\"" + std::string(2000, 'c') + "\"}";
  const HardwareVersion version{.color = {1, 6, 110}, .depth = {1, 6, 79}};
  const auto info = recording::info_from_unit(
      made.config, made.imu, made.serial, version, Buffer::copy_of(std::as_bytes(std::span(calibration))),
      is_simulated_serial(made.serial), {.name = "far", .boot_id = "away"});
  return written(info, [&](recording::Writer& writer) {
    if (made.jacks) {
      EXPECT_TRUE(writer.write(JackObservation{stamp(made, 0), *made.jacks}));
    }
    write_frames(made, writer);
  });
}

Recording recording_in_memory(const std::string& name, std::vector<std::byte> bytes) {
  auto memory = std::make_shared<const MemorySource>(std::move(bytes));
  return {.name = name, .open = [memory]() -> Result<std::unique_ptr<ByteSource>> {
            return std::unique_ptr<ByteSource>(std::make_unique<SharedSource>(memory));
          }};
}

}  // namespace genlock::replay
