#include "stock_player.h"

#include <utility>

#include "stock_functions.h"

namespace genlock::test {
namespace {

constexpr int kDeviceTime = 2;  // origin of a seek

std::size_t bytes_of(Handle capture, const char* getter) {
  Handle const image = function<Handle(Handle)>(getter)(capture);
  if (image == nullptr) return 0;
  const std::size_t bytes = function<std::size_t(Handle)>("k4a_image_get_size")(image);
  function<void(Handle)>("k4a_image_release")(image);
  return bytes;
}

}  // namespace

Result<StockPlayer> StockPlayer::open(const std::filesystem::path& file) {
  Handle handle = nullptr;
  if (function<int(const char*, Handle*)>("k4a_playback_open")(file.c_str(), &handle) != kOk)
    return failed("k4a_playback_open");
  return StockPlayer(handle);
}

StockPlayer::StockPlayer(StockPlayer&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

StockPlayer::~StockPlayer() {
  if (handle_ != nullptr) function<void(Handle)>("k4a_playback_close")(handle_);
}

Result<std::size_t> StockPlayer::next_capture() {
  static auto* const next = function<int(Handle, Handle*)>("k4a_playback_get_next_capture");
  static auto* const release = function<void(Handle)>("k4a_capture_release");
  Handle capture = nullptr;
  const int result = next(handle_, &capture);
  if (result == kEnd) return std::size_t{0};
  if (result != kOk) return failed("k4a_playback_get_next_capture");
  std::size_t bytes = 0;
  for (const char* getter :
       {"k4a_capture_get_color_image", "k4a_capture_get_depth_image", "k4a_capture_get_ir_image"})
    bytes += bytes_of(capture, getter);
  release(capture);
  return bytes;
}

Status StockPlayer::seek(DeviceTime time) {
  static auto* const seek = function<int(Handle, std::int64_t, int)>("k4a_playback_seek_timestamp");
  return seek(handle_, count_us(time), kDeviceTime) == kOk ? Status() : failed("k4a_playback_seek_timestamp");
}

}  // namespace genlock::test
