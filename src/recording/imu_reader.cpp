#include "recording/imu_reader.h"

#include <fmt/core.h>

#include <bit>

#include "mkv/endian.h"

namespace genlock::recording {
namespace {

DeviceTime load_time(ByteSpan bytes) {
  return device_time_us(static_cast<std::int64_t>(mkv::load_little(bytes.first(8)) / 1000));
}

std::array<float, 3> load_vector(ByteSpan bytes) {
  std::array<float, 3> vector{};
  for (std::size_t i = 0; i < 3; ++i)
    vector[i] = std::bit_cast<float>(static_cast<std::uint32_t>(mkv::load_little(bytes.subspan(4 * i, 4))));
  return vector;
}

}  // namespace

std::optional<ImuSample> read_imu_sample(mkv::Input& input, const mkv::Extent& frame) {
  std::array<std::byte, kImuSampleBytes> bytes;
  if (frame.size != bytes.size() || !input.read(frame.offset, bytes)) {
    if (input.status())
      input.problem(fmt::format("the IMU sample at byte {} has {} bytes", frame.offset, frame.size));
    return std::nullopt;
  }
  const ByteSpan from(bytes);
  ImuSample sample;
  sample.accel_time = load_time(from);
  sample.accel = load_vector(from.subspan(8));
  sample.gyro_time = load_time(from.subspan(20));
  sample.gyro = load_vector(from.subspan(28));
  return sample;
}

ImuReader::ImuReader(const ByteSource& source, const FileLayout& layout)
    : input_(source),
      layout_(layout),
      walker_(input_, layout.segment, layout.first_cluster, layout.timestamp_scale_ns) {}

Result<std::optional<ImuSample>> ImuReader::next() {
  while (layout_.imu) {
    while (block_ && frame_ < block_->frames.size())
      if (const auto sample = read_imu_sample(input_, block_->frames[frame_++])) return sample;
    block_ = walker_.next();
    frame_ = 0;
    if (!block_) break;
    if (block_->track != layout_.imu) block_.reset();
  }
  GENLOCK_TRY(input_.status());
  return std::optional<ImuSample>();
}

}  // namespace genlock::recording
