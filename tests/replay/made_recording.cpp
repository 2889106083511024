#include "made_recording.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace genlock::replay {
namespace {

constexpr DeviceDuration kImuPeriod = device_us(600);

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

Buffer beginning_like_a_jpeg(const Buffer& pixels) {
  std::vector<std::byte> bytes(pixels.bytes().begin(), pixels.bytes().end());
  bytes[0] = std::byte{0xFF};
  bytes[1] = std::byte{0xD8};
  return Buffer::from_vector(std::move(bytes));
}

std::vector<ImuSample> samples_at_rest(const MadeRecording& made) {
  std::vector<ImuSample> samples;
  for (DeviceTime time = stamp(made, 0); made.imu && time <= stamp(made, made.frames - 1); time += kImuPeriod)
    samples.push_back({.accel = {0.0F, 0.0F, -9.80665F},
                       .accel_time = time,
                       .gyro = {0.001F, 0.0F, 0.0F},
                       .gyro_time = time});
  return samples;
}

test::TakeContent content_of(const MadeRecording& made) {
  test::TakeContent content;
  for (int number = 0; number < made.frames; ++number) content.captures.push_back(made_capture(made, number));
  content.imu = samples_at_rest(made);
  if (made.jacks) content.jacks.push_back({stamp(made, 0), *made.jacks});
  return content;
}

}  // namespace

Capture made_capture(const MadeRecording& made, int number) {
  Capture capture = test::synthetic_capture(made.config, stamp(made, number), static_cast<unsigned>(number));
  if (std::ranges::find(made.without_color, number) != made.without_color.end()) capture.color.reset();
  if (capture.color) capture.color->data = beginning_like_a_jpeg(capture.color->data);
  for (auto* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) (*image)->host_time.reset();
  return capture;
}

std::vector<std::byte> write_recording(const MadeRecording& made) {
  const std::string calibration = "{\"text\":\"" + std::string(2000, 'c') + "\"}";
  const HardwareVersion version{.color = {1, 6, 110}, .depth = {1, 6, 79}};
  const auto info = recording::info_from_unit(
      made.config, made.imu, made.serial, version, Buffer::copy_of(std::as_bytes(std::span(calibration))),
      is_simulated_serial(made.serial), {.name = "far", .boot_id = "away"});
  const auto bytes = test::record(info, content_of(made));
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().message());
  return bytes.value_or(std::vector<std::byte>());
}

Recording recording_in_memory(const std::string& name, std::vector<std::byte> bytes) {
  auto memory = std::make_shared<const MemorySource>(std::move(bytes));
  return {.name = name,
          .open = [memory] { return recording::Reader::open(std::make_unique<SharedSource>(memory)); }};
}

}  // namespace genlock::replay
