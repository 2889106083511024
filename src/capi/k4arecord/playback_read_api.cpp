// k4a_playback_...: captures, samples, data blocks, and the way to them (facts k4a-abi.md B12).

#include <fmt/core.h>
#include <k4arecord/playback.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "capi/common/enum_number.h"
#include "capi/common/guard.h"
#include "capi/k4arecord/capture_handles.h"
#include "capi/k4arecord/playback.h"

namespace genlock::capi {
namespace {

/// What a k4a_playback_data_block_t stands for: a copy of its own.
struct Block {
  DeviceTime device_time;
  std::vector<std::uint8_t> data;
};

HandleTable<k4a_playback_data_block_t, Block>& blocks() {
  static auto& table =
      *new HandleTable<k4a_playback_data_block_t, Block>(HandleKind::data_block, "data block");
  return table;
}

using NextCapture = Result<std::optional<Capture>> (recording::Reader::*)();
using NextSample = Result<std::optional<ImuSample>> (recording::Reader::*)();
using NextData = Result<std::optional<recording::DataBlock>> (recording::Reader::*)(std::string_view);

Result<k4a_stream_result_t> read_capture(k4a_playback_t handle, k4a_capture_t* out, NextCapture next) {
  GENLOCK_TRY(check_pointer(out, "the place for the capture"));
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  *out = nullptr;
  GENLOCK_ASSIGN(const std::optional<Capture> capture, (playback->reader().*next)());
  if (!capture) return K4A_STREAM_RESULT_EOF;
  GENLOCK_ASSIGN(*out, make_capture_handle(*playback, *capture));
  return K4A_STREAM_RESULT_SUCCEEDED;
}

k4a_imu_sample_t sample_of(const ImuSample& from) {
  k4a_imu_sample_t sample{};
  sample.temperature = std::numeric_limits<float>::quiet_NaN();  // No recording has it.
  std::ranges::copy(from.accel, sample.acc_sample.v);
  sample.acc_timestamp_usec = static_cast<std::uint64_t>(count_us(from.accel_time));
  std::ranges::copy(from.gyro, sample.gyro_sample.v);
  sample.gyro_timestamp_usec = static_cast<std::uint64_t>(count_us(from.gyro_time));
  return sample;
}

Result<k4a_stream_result_t> read_sample(k4a_playback_t handle, k4a_imu_sample_t* out, NextSample next) {
  GENLOCK_TRY(check_pointer(out, "the place for the sample"));
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  GENLOCK_ASSIGN(const std::optional<ImuSample> sample, (playback->reader().*next)());
  *out = sample ? sample_of(*sample) : k4a_imu_sample_t{};
  return sample ? K4A_STREAM_RESULT_SUCCEEDED : K4A_STREAM_RESULT_EOF;
}

Result<k4a_stream_result_t> read_block(k4a_playback_t handle, const char* track,
                                       k4a_playback_data_block_t* out, NextData next) {
  GENLOCK_TRY(check_pointer(out, "the place for the data block"));
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  GENLOCK_ASSIGN(const recording::TrackInfo* const info, playback->track(track));
  if (info->built_in)
    return Error(Errc::unsupported, fmt::format("the track {} is read by captures or IMU samples", track));
  GENLOCK_ASSIGN(const std::optional<recording::DataBlock> data, (playback->reader().*next)(info->name));
  if (!data) return K4A_STREAM_RESULT_EOF;
  const auto* first = reinterpret_cast<const std::uint8_t*>(data->data.data());
  auto block = std::make_shared<Block>(Block{data->device_time, {first, first + data->data.size()}});
  *out = blocks().add(std::move(block));
  return K4A_STREAM_RESULT_SUCCEEDED;
}

// Far beyond every recording, and near enough that nothing overflows in nanoseconds: 126 years.
constexpr std::int64_t kFarthestUs = 4'000'000'000'000'000;

Status seek(k4a_playback_t handle, std::int64_t offset, unsigned origin) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  recording::Reader& reader = playback->reader();
  const DeviceTime start = playback->info().start_offset;
  const DeviceDuration distance = device_us(std::clamp(offset, -kFarthestUs, kFarthestUs));
  switch (origin) {
    case K4A_PLAYBACK_SEEK_BEGIN:
      reader.seek(start + std::max(distance, DeviceDuration{}));
      return {};
    case K4A_PLAYBACK_SEEK_END:
      reader.seek_end(-std::min(distance, DeviceDuration{}));
      return {};
    case K4A_PLAYBACK_SEEK_DEVICE_TIME:
      reader.seek(std::max(DeviceTime(distance), start));
      return {};
  }
  return Error(Errc::invalid, fmt::format("there is no seek origin {}", origin));
}

Status set_color_conversion(k4a_playback_t handle, unsigned format) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  if (format > K4A_IMAGE_FORMAT_CUSTOM)
    return Error(Errc::invalid, fmt::format("there is no image format {}", format));
  return playback->set_color_format(static_cast<PixelFormat>(format));
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;
using genlock::recording::Reader;

extern "C" {

k4a_result_t k4a_playback_set_color_conversion(k4a_playback_t playback_handle,
                                               k4a_image_format_t target_format) {
  return guarded_result(__func__,
                        [&] { return set_color_conversion(playback_handle, number_of(target_format)); });
}

k4a_stream_result_t k4a_playback_get_next_capture(k4a_playback_t playback_handle,
                                                  k4a_capture_t* capture_handle) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED,
                 [&] { return read_capture(playback_handle, capture_handle, &Reader::next_capture); });
}

k4a_stream_result_t k4a_playback_get_previous_capture(k4a_playback_t playback_handle,
                                                      k4a_capture_t* capture_handle) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED,
                 [&] { return read_capture(playback_handle, capture_handle, &Reader::previous_capture); });
}

k4a_stream_result_t k4a_playback_get_next_imu_sample(k4a_playback_t playback_handle,
                                                     k4a_imu_sample_t* imu_sample) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED,
                 [&] { return read_sample(playback_handle, imu_sample, &Reader::next_imu_sample); });
}

k4a_stream_result_t k4a_playback_get_previous_imu_sample(k4a_playback_t playback_handle,
                                                         k4a_imu_sample_t* imu_sample) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED,
                 [&] { return read_sample(playback_handle, imu_sample, &Reader::previous_imu_sample); });
}

k4a_stream_result_t k4a_playback_get_next_data_block(k4a_playback_t playback_handle, const char* track_name,
                                                     k4a_playback_data_block_t* data_block_handle) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED, [&] {
    return read_block(playback_handle, track_name, data_block_handle, &Reader::next_data);
  });
}

k4a_stream_result_t k4a_playback_get_previous_data_block(k4a_playback_t playback_handle,
                                                         const char* track_name,
                                                         k4a_playback_data_block_t* data_block_handle) {
  return guarded(__func__, K4A_STREAM_RESULT_FAILED, [&] {
    return read_block(playback_handle, track_name, data_block_handle, &Reader::previous_data);
  });
}

uint64_t k4a_playback_data_block_get_device_timestamp_usec(k4a_playback_data_block_t data_block_handle) {
  return guarded(__func__, uint64_t{0}, [&]() -> Result<uint64_t> {
    GENLOCK_ASSIGN(const std::shared_ptr<Block> block, blocks().find(data_block_handle));
    return static_cast<uint64_t>(count_us(block->device_time));
  });
}

size_t k4a_playback_data_block_get_buffer_size(k4a_playback_data_block_t data_block_handle) {
  return guarded(__func__, size_t{0}, [&]() -> Result<size_t> {
    GENLOCK_ASSIGN(const std::shared_ptr<Block> block, blocks().find(data_block_handle));
    return block->data.size();
  });
}

uint8_t* k4a_playback_data_block_get_buffer(k4a_playback_data_block_t data_block_handle) {
  return guarded(__func__, static_cast<uint8_t*>(nullptr), [&]() -> Result<uint8_t*> {
    GENLOCK_ASSIGN(const std::shared_ptr<Block> block, blocks().find(data_block_handle));
    return block->data.data();
  });
}

void k4a_playback_data_block_release(k4a_playback_data_block_t data_block_handle) {
  if (data_block_handle == nullptr) return;
  guarded_void(__func__, [&] { return blocks().release(data_block_handle); });
}

k4a_result_t k4a_playback_seek_timestamp(k4a_playback_t playback_handle, int64_t offset_usec,
                                         k4a_playback_seek_origin_t origin) {
  return guarded_result(__func__, [&] { return seek(playback_handle, offset_usec, number_of(origin)); });
}

}  // extern "C"
