#include "capi/k4arecord/api_recording.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/clock.h"
#include "capi/k4arecord/record_source.h"
#include "recording/format.h"

namespace genlock::capi {
namespace {

using recording::RecordingInfo;
using recording::Writer;
using recording::WriterOptions;

/// Data may come this late (facts k4a-abi.md B10).
constexpr DeviceDuration kHoldBack = device_us(2'000'000);

/// The least a recording may buffer, for custom tracks whose rates are not known.
constexpr std::size_t kLeastBuffer = std::size_t{64} << 20;

/// How long a full buffer may stay full before a write gives up.
constexpr HostDuration kPatience = std::chrono::seconds(5);

/// Held-back data, and one second more for the disk.
std::size_t buffer_bytes(const RecordingInfo& info) {
  return std::max(kLeastBuffer, recording::default_queue_bytes(info) / 2 * 3);
}

/// Memory for copies of all that the buffer takes, whose places are rounded up to whole pages. From the
/// header on there is that of one capture, and soon after that of a quarter of a second.
CopyPool::Options pool_options(const RecordingInfo& info) {
  const std::size_t buffer = buffer_bytes(info);
  const std::size_t second = recording::default_queue_bytes(info) / 2;
  return {.most_bytes = buffer + buffer / 64,
          .ready_bytes = second / 4,
          .first_bytes = second / static_cast<std::size_t>(fps(info.config.rate))};
}

}  // namespace

ApiRecording::ApiRecording(std::filesystem::path path, std::unique_ptr<ByteSink> sink, RecordingInfo info)
    : path_(std::move(path)), info_(std::move(info)), sink_(std::move(sink)) {}

Result<std::shared_ptr<ApiRecording>> ApiRecording::create(const std::filesystem::path& path,
                                                           k4a_device_t device,
                                                           const k4a_device_configuration_t& config) {
  GENLOCK_ASSIGN(const CameraConfig cameras, camera_config(config));
  GENLOCK_ASSIGN(RecordingInfo info, recording_info(cameras, device));
  GENLOCK_ASSIGN(std::unique_ptr<ByteSink> sink, create_file(path, IfExists::replace));
  return std::shared_ptr<ApiRecording>(new ApiRecording(path, std::move(sink), std::move(info)));
}

Result<RecordingInfo*> ApiRecording::description() {
  if (!sink_) return Error(Errc::state, fmt::format("{}: the header has been written", path_.string()));
  return &info_;
}

bool ApiRecording::has_track(std::string_view name) const {
  return (info_.color_track && name == recording::kColorTrack) ||
         (info_.depth_track && name == recording::kDepthTrack) ||
         (info_.ir_track && name == recording::kIrTrack) ||
         (info_.imu_track && name == recording::kImuTrack) || name == recording::kMetadataTrack ||
         std::ranges::find(info_.custom_tracks, name, &recording::CustomTrack::name) !=
             info_.custom_tracks.end();
}

/// Programs that record without a device say by tags what the file would say of the device.
bool ApiRecording::take_as_own_field(const std::string& name, const std::string& value) {
  if (name == recording::kTagSerial && info_.serial.empty()) {
    info_.serial = value;
    return true;
  }
  std::optional<Version>* const field = name == recording::kTagColorFirmware   ? &info_.color_firmware
                                        : name == recording::kTagDepthFirmware ? &info_.depth_firmware
                                                                               : nullptr;
  if (field == nullptr || *field) return false;
  if (const Result<Version> version = parse_version(value)) *field = *version;
  return true;
}

Status ApiRecording::add_tag(const std::string& name, const std::string& value) {
  MutexLock lock(mutex_);
  GENLOCK_ASSIGN(RecordingInfo * info, description());
  if (!recording::is_track_name(name)) return {};  // Left out, and no failure (facts B10).
  if (!take_as_own_field(name, value)) info->tags.try_emplace(name, value);
  return {};
}

Status ApiRecording::add_imu_track() {
  MutexLock lock(mutex_);
  GENLOCK_ASSIGN(RecordingInfo * info, description());
  if (has_track(recording::kImuTrack)) return Error(Errc::state, "the recording has an IMU track already");
  info->imu_track = true;
  return {};
}

Status ApiRecording::add_attachment(recording::Attachment attachment) {
  MutexLock lock(mutex_);
  GENLOCK_ASSIGN(RecordingInfo * info, description());
  info->attachments.push_back(std::move(attachment));
  return {};
}

Status ApiRecording::add_track(recording::CustomTrack track) {
  MutexLock lock(mutex_);
  GENLOCK_ASSIGN(RecordingInfo * info, description());
  if (!recording::is_track_name(track.name))
    return Error(Errc::invalid, fmt::format("track name \"{}\": only A-Z 0-9 _ - are allowed", track.name));
  if (has_track(track.name))
    return Error(Errc::exists, fmt::format("the recording has a track {} already", track.name));
  info->custom_tracks.push_back(std::move(track));
  return {};
}

Status ApiRecording::start_writer() {
  WriterOptions options;
  options.hold_back = kHoldBack;
  options.max_queued_bytes = buffer_bytes(info_);
  options.any_image_size = true;
  options.name = path_.filename().string();
  GENLOCK_ASSIGN(writer_, Writer::create(std::move(sink_), info_, std::move(options)));
  pool_ = std::make_unique<CopyPool>(pool_options(info_));
  return {};
}

Status ApiRecording::write_header() {
  MutexLock lock(mutex_);
  GENLOCK_TRY(description());
  return start_writer();
}

Result<Writer*> ApiRecording::writer() {
  MutexLock lock(mutex_);
  if (writer_) return writer_.get();
  return Error(Errc::state, fmt::format("{}: the header {}", path_.string(),
                                        sink_ ? "has not been written" : "could not be written"));
}

Status ApiRecording::check_started() {
  GENLOCK_TRY(writer());
  return {};
}

Status ApiRecording::wait_for_room(Writer& writer, std::size_t bytes) const {
  std::uint64_t on_disk = writer.counters().bytes_on_disk;
  while (!writer.wait_for_room(bytes, system_clock().now() + kPatience)) {
    const std::uint64_t now_on_disk = writer.counters().bytes_on_disk;
    if (now_on_disk == on_disk)
      return Error(Errc::overflow,
                   fmt::format("{}: no room for {} bytes, and the disk has taken nothing for {} s",
                               path_.string(), bytes, kPatience.count() / 1'000'000'000));
    on_disk = now_on_disk;
  }
  return {};
}

template <class Write>
Status ApiRecording::write_when_room(std::size_t bytes, const Write& write) {
  GENLOCK_ASSIGN(Writer * writer, this->writer());
  MutexLock lock(feeding_);
  GENLOCK_TRY(wait_for_room(*writer, bytes));
  return write(*writer);
}

/// Waits before it copies too, so that no copy takes memory beside a full buffer.
Status ApiRecording::write(k4a_capture_t handle) {
  GENLOCK_ASSIGN(Writer * writer, this->writer());
  const CaptureSource source(handle);
  GENLOCK_TRY(wait_for_room(*writer, source.bytes()));
  const Capture capture = source.copy(*pool_);
  return write_when_room(source.bytes(), [&](Writer& to) { return to.write(capture); });
}

Status ApiRecording::write(const ImuSample& sample) {
  return write_when_room(recording::kImuSampleBytes, [&](Writer& writer) {
    return writer.write({&sample, 1});
  });
}

Status ApiRecording::write(const std::string& custom_track, DeviceTime time, ByteSpan data) {
  GENLOCK_ASSIGN(Writer * writer, this->writer());
  GENLOCK_TRY(wait_for_room(*writer, data.size()));
  Buffer copy = pool_->copy_of(data);
  return write_when_room(data.size(),
                         [&](Writer& to) { return to.write(custom_track, time, std::move(copy)); });
}

Status ApiRecording::flush() {
  GENLOCK_ASSIGN(Writer * writer, this->writer());
  return writer->flush();
}

Status ApiRecording::close() {
  MutexLock lock(mutex_);
  return writer_ ? writer_->close() : Status();
}

}  // namespace genlock::capi
