#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "capi/k4arecord/copy_pool.h"
#include "k4a/k4atypes.h"
#include "recording/writer.h"

namespace genlock::capi {

/// What a k4a_record_t stands for: first a description that grows, then, from the header on, a writer. Safe
/// to use from any thread.
class ApiRecording {
 public:
  /// Makes the file, replacing what is there.
  static Result<std::shared_ptr<ApiRecording>> create(const std::filesystem::path& path, k4a_device_t device,
                                                      const k4a_device_configuration_t& config);

  // Before the header; Errc::state after it.
  Status add_tag(const std::string& name, const std::string& value);
  Status add_imu_track();
  Status add_attachment(recording::Attachment attachment);
  Status add_track(recording::CustomTrack track);
  Status write_header();

  /// Errc::state before the header, or where it could not be written.
  Status check_started();

  // After the header; Errc::state before. These wait while the queue is full and the disk makes progress.
  Status write(k4a_capture_t capture);
  Status write(const ImuSample& sample);
  Status write(const std::string& custom_track, DeviceTime time, ByteSpan data);
  Status flush();

  /// The first failure of the recording's life.
  Status close();

 private:
  ApiRecording(std::filesystem::path path, std::unique_ptr<ByteSink> sink, recording::RecordingInfo info);

  /// The description, while it may be changed.
  Result<recording::RecordingInfo*> description() GENLOCK_REQUIRES(mutex_);
  bool has_track(std::string_view name) const GENLOCK_REQUIRES(mutex_);
  bool take_as_own_field(const std::string& name, const std::string& value) GENLOCK_REQUIRES(mutex_);
  Status start_writer() GENLOCK_REQUIRES(mutex_);
  /// The writer, which lives as long as this object; Errc::state before the header.
  Result<recording::Writer*> writer();
  /// Errc::overflow if the disk takes nothing for a while of what fills the buffer.
  Status wait_for_room(recording::Writer& writer, std::size_t bytes) const;
  template <class Write>
  Status write_when_room(std::size_t bytes, const Write& write);

  const std::filesystem::path path_;

  Mutex mutex_;
  recording::RecordingInfo info_ GENLOCK_GUARDED_BY(mutex_);
  std::unique_ptr<ByteSink> sink_ GENLOCK_GUARDED_BY(mutex_);  ///< until the header is written
  std::unique_ptr<recording::Writer> writer_ GENLOCK_GUARDED_BY(mutex_);
  std::unique_ptr<CopyPool> pool_;  ///< there as soon as writer() gives something

  Mutex feeding_;  ///< held from the wait for room to the write, so that the room is still there
};

}  // namespace genlock::capi
