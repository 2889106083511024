#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "device/device.h"
#include "recording/reader.h"
#include "replay/control_memory.h"
#include "replay/playback.h"
#include "replay/provider.h"

namespace genlock::replay {

/// That a recording is in use; free again when this goes.
class Lease {
 public:
  /// Nothing while another lease on the same flag lives.
  static std::optional<Lease> take(std::shared_ptr<std::atomic<bool>> in_use);
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

 private:
  explicit Lease(std::shared_ptr<std::atomic<bool>> in_use) : in_use_(std::move(in_use)) {}

  std::shared_ptr<std::atomic<bool>> in_use_;
};

/// Opens a recording; errors name it.
Result<std::unique_ptr<recording::Reader>> open_reader(const Recording& recording);

/// Where the stamps of a recording lie on the host's clock while it is played.
struct Timeline {
  HostTime start;
  DeviceTime origin;  ///< the stamp that falls on `start`

  /// Stamps before the origin fall on the start; the distance is bounded, whatever a file says.
  HostTime at(DeviceTime stamp) const;
};

/// The unit behind replay::Provider, which says how it differs from a live one. It has no thread: whoever
/// reads moves the playback on.
class ReplayBackend final : public device::Backend {
 public:
  ReplayBackend(Recording recording, std::unique_ptr<recording::Reader> reader, Lease lease, Options options);

  const device::DeviceIdentity& identity() const override { return identity_; }
  Result<SyncJacks> sync_jacks() override;
  Result<device::ControlValue> color_control(device::ColorControl control) override;
  Status set_color_control(device::ColorControl control, device::ControlValue value) override;

  Status start(const CameraConfig& config) override;
  void stop() override;
  Result<std::optional<Capture>> next_capture(HostTime deadline) override;

  Status start_imu() override;
  void stop_imu() override;
  Result<std::size_t> read_imu(std::span<ImuSample> out, HostTime deadline) override;

  device::BackendCounters counters() const override;

 private:
  Result<SyncJacks> recorded_jacks() const;
  Result<Timeline> timeline_from_now();
  Result<std::optional<Capture>> fetch_capture(bool synchronized_only);
  void stamp(Capture& capture) GENLOCK_REQUIRES(mutex_);
  void open_imu_gate(DeviceTime until);
  void make_playbacks(const CameraConfig& config) GENLOCK_REQUIRES(mutex_);

  template <class T>
  Result<std::optional<T>> await(std::optional<Playback<T>>& stream, const bool& running, HostTime deadline)
      GENLOCK_REQUIRES(mutex_);

  const Recording recording_;
  const Lease lease_;
  const Options options_;
  const recording::RecordingInfo info_;
  device::DeviceIdentity identity_;

  mutable Mutex mutex_;
  CondVar changed_;
  const std::unique_ptr<recording::Reader> reader_;  ///< used with mutex_ held
  DeviceTime imu_gate_;  ///< as fast as read, samples come up to here; used with mutex_ held
  Timeline timeline_ GENLOCK_GUARDED_BY(mutex_);  ///< of the present run; real_time only
  HostTime last_unpaced_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<SyncJacks> jacks_ GENLOCK_GUARDED_BY(mutex_);
  ControlMemory controls_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<Playback<Capture>> captures_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<Playback<ImuSample>> samples_ GENLOCK_GUARDED_BY(mutex_);
  bool running_ GENLOCK_GUARDED_BY(mutex_) = false;
  bool imu_running_ GENLOCK_GUARDED_BY(mutex_) = false;
  bool imu_ran_ GENLOCK_GUARDED_BY(mutex_) = false;
};

}  // namespace genlock::replay
