#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "device/device.h"
#include "device/k4a/call_thread.h"
#include "device/k4a/clock_steps.h"
#include "device/k4a/images.h"
#include "device/k4a/unit.h"
#include "device/notices.h"

namespace genlock::device::k4a {

/// A unit of an installed libk4a. Each call that may hang is made on a CallThread: captures, IMU samples and
/// all others on one each. Reads wait so shortly that a library which does not wake them at a stop costs 100
/// ms.
class K4aBackend final : public Backend {
 public:
  /// `clock` is that of the library's units.
  static Result<std::unique_ptr<Backend>> open(Library& library, unsigned index, Clock& clock,
                                               const CallLimits& limits);
  ~K4aBackend() override;

  const DeviceIdentity& identity() const override { return identity_; }
  Result<SyncJacks> sync_jacks() override;
  Result<ControlValue> color_control(ColorControl control) override;
  Status set_color_control(ColorControl control, ControlValue value) override;
  Result<ControlCapabilities> control_capabilities(ColorControl control, int powerline) override;
  Status start(const CameraConfig& config) override;
  void stop() override;
  Result<std::optional<Capture>> next_capture(HostTime deadline) override;
  Status start_imu() override;
  void stop_imu() override;
  Result<std::size_t> read_imu(std::span<ImuSample> out, HostTime deadline) override;
  BackendCounters counters() const override;
  std::string trouble() override;
  std::vector<std::string> take_notices() override;

 private:
  K4aBackend(unsigned index, std::unique_ptr<CallThread> calls, OpenedUnit unit, Clock& clock,
             const CallLimits& limits);

  template <class T>
  Result<T> call(const std::string& doing, HostDuration limit,
                 std::function<Result<T>(const std::shared_ptr<UnitHandle>&)> made);
  void call_to_end(const std::string& doing, HostDuration limit,
                   std::function<void(const std::shared_ptr<UnitHandle>&)> made);
  std::int32_t wait_ms(HostTime deadline) const;
  HostDuration read_limit(std::int32_t wait_ms) const;
  bool hangs() const { return calls_->hangs() || capture_calls_.hangs() || imu_calls_.hangs(); }

  /// What one wait of the library came to.
  struct CaptureRead {
    k4a_wait_result_t result = K4A_WAIT_RESULT_TIMEOUT;
    std::shared_ptr<const CaptureHandle> capture;  ///< null unless one came
  };
  Result<CaptureRead> read_capture(std::int32_t wait_ms);
  using Samples =
      std::shared_ptr<std::vector<ImuSample>>;  ///< shared with a call that may outlast its caller
  Result<k4a_wait_result_t> read_samples(std::size_t most, std::int32_t wait_ms, const Samples& into);
  Error read_error(const std::string& doing) const;
  void watch_clock(const Capture& capture);
  void note_warnings();

  Library& library_;
  Clock& clock_;
  const CallLimits limits_;
  const std::unique_ptr<CallThread> calls_;
  CallThread capture_calls_;
  CallThread imu_calls_;
  std::shared_ptr<UnitHandle> unit_;
  const DeviceIdentity identity_;
  const std::uint32_t attached_;
  Notices notices_;

  std::atomic<bool> cameras_run_ = false;
  std::atomic<bool> imu_runs_ = false;
  std::atomic<std::uint64_t> start_mark_ = 0;   ///< of the library's log, at the last start
  std::atomic<std::uint64_t> notice_mark_ = 0;  ///< up to which its warnings are known
  mutable Mutex mutex_;
  QueueLosses losses_before_ GENLOCK_GUARDED_BY(mutex_);  ///< the last start

  // Made by start() before anybody reads, then the capture reader's.
  std::optional<CaptureReader> reader_;
  std::optional<ClockSteps> steps_;
};

}  // namespace genlock::device::k4a
