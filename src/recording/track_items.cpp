#include "recording/track_items.h"

#include <fmt/core.h>

#include <bit>

#include "mkv/endian.h"

namespace genlock::recording {
namespace {

std::int64_t load_ns(ByteSpan bytes) {
  return static_cast<std::int64_t>(mkv::load_little(bytes.first(8)));
}

std::array<float, 3> load_vector(ByteSpan bytes) {
  std::array<float, 3> vector{};
  for (std::size_t i = 0; i < 3; ++i)
    vector[i] = std::bit_cast<float>(static_cast<std::uint32_t>(mkv::load_little(bytes.subspan(4 * i, 4))));
  return vector;
}

}  // namespace

std::optional<StoredSample> read_imu_sample(mkv::Input& input, const mkv::Extent& frame) {
  const ByteSpan from =
      frame.size == kImuSampleBytes ? input.peek(frame.offset, kImuSampleBytes) : ByteSpan();
  if (from.size() != kImuSampleBytes) {
    if (input.status())
      input.problem(fmt::format("the IMU sample at byte {} has {} bytes", frame.offset, frame.size));
    return std::nullopt;
  }
  StoredSample stored;
  stored.accel_ns = load_ns(from);
  stored.sample.accel_time = device_time_us(stored.accel_ns / 1000);
  stored.sample.accel = load_vector(from.subspan(8));
  stored.sample.gyro_time = device_time_us(load_ns(from.subspan(20)) / 1000);
  stored.sample.gyro = load_vector(from.subspan(28));
  return stored;
}

std::optional<StoredSample> ImuItems::item(Part& part, const TrackBlock& block, std::size_t index) {
  return read_imu_sample(part.input, block.frames[index]);
}

std::optional<DataPlace> DataItems::item(Part& part, const TrackBlock& block, std::size_t index) {
  const mkv::Extent bytes = block.frames[index];
  if (bytes.size > kMostDataBytes) {
    part.input.problem(fmt::format("the data at byte {} are {} bytes", bytes.offset, bytes.size));
    return std::nullopt;
  }
  return DataPlace{&part, item_time_ns(block, index), bytes};
}

std::int64_t end_time_ns(const TrackBlock& block) {
  return block.time_ns + (block.duration_ns > 0 ? block.duration_ns - 1 : 0);
}

std::int64_t item_time_ns(const TrackBlock& block, std::size_t index) {
  if (block.frames.size() < 2) return block.time_ns;
  const std::int64_t span = end_time_ns(block) - block.time_ns;
  const auto steps = static_cast<std::int64_t>(block.frames.size()) - 1;
  const auto step = static_cast<std::int64_t>(index);
  // Not span * step / steps, which could overflow.
  return block.time_ns + span / steps * step + span % steps * step / steps;
}

}  // namespace genlock::recording
