#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "base/unique_fd.h"
#include "device/device.h"
#include "device/sim/bench.h"
#include "device/sim/bench_state.h"
#include "device/sim/capture_maker.h"
#include "device/sim/capture_queue.h"
#include "device/sim/host_path.h"
#include "device/sim/imu_timeline.h"
#include "device/sim/laser_field.h"
#include "device/sim/shared_bench.h"
#include "device/sim/unit_images.h"
#include "device/sim/unit_timeline.h"

namespace genlock::device::sim {

/// A unit of the bench, open in this process. It has no threads: whoever reads works out what the unit has
/// delivered by now, and waits for the next delivery or for an event of the bench.
class SimBackend final : public Backend {
 public:
  /// Errc::busy while anyone has the unit; Errc::io if the bench makes it refuse.
  static Result<std::unique_ptr<Backend>> open(std::shared_ptr<Bench> bench, std::size_t unit,
                                               LibraryOptions library);
  ~SimBackend() override;

  const DeviceIdentity& identity() const override { return identity_; }
  Result<SyncJacks> sync_jacks() override;
  Result<ControlValue> color_control(ColorControl control) override;
  Status set_color_control(ColorControl control, ControlValue value) override;
  Status start(const CameraConfig& config) override;
  void stop() override;
  Result<std::optional<Capture>> next_capture(HostTime host_deadline) override;
  Status start_imu() override;
  void stop_imu() override;
  Result<std::size_t> read_imu(std::span<ImuSample> out, HostTime host_deadline) override;
  BackendCounters counters() const override;
  std::vector<std::string> take_notices() override { return log_.take_notices(); }

 private:
  struct Polled {
    std::optional<CaptureOrder> order;
    HostTime wake{};  ///< without an order: when there may be one
    bool timed_out = false;
  };

  SimBackend(std::shared_ptr<Bench> bench, std::size_t unit, UniqueFd ownership, DeviceIdentity identity,
             LibraryOptions library);
  Status await_boot();
  Status settle_in();
  Status check_engine() GENLOCK_REQUIRES(mutex_);
  Status begin_on_bench(const CameraConfig& config) GENLOCK_REQUIRES(mutex_);
  Status begin_session(const CameraConfig& config) GENLOCK_REQUIRES(mutex_);
  HostTime follow() GENLOCK_REQUIRES(mutex_);
  std::vector<std::size_t> watched(const BenchState& state, HostTime now) GENLOCK_REQUIRES(mutex_);
  void on_event(const Event& event) GENLOCK_REQUIRES(mutex_);
  void catch_up_after_loss(HostTime now) GENLOCK_REQUIRES(mutex_);
  HostTime advance() GENLOCK_REQUIRES(mutex_);
  std::vector<LaserOverlap> lasers_in(const std::optional<Frame>& depth) GENLOCK_REQUIRES(mutex_);
  bool gone() const GENLOCK_REQUIRES(mutex_);
  void tell_captures_read() GENLOCK_REQUIRES(mutex_);
  void tell_imu_read() GENLOCK_REQUIRES(mutex_);
  void tell_read(Reader reader, HostTime due, HostDuration slack) GENLOCK_REQUIRES(mutex_);
  Status check_here() GENLOCK_REQUIRES(mutex_);
  Result<Polled> poll_capture(std::uint64_t run, HostTime deadline);
  Error imu_lost() const GENLOCK_REQUIRES(mutex_);
  const UnitCounter* counter() const GENLOCK_REQUIRES(mutex_);
  const UnitConfig& unit_config() const { return bench_->config().units[unit_]; }
  UnitState& unit_state() GENLOCK_REQUIRES(mutex_) { return state_.units[unit_]; }

  const std::shared_ptr<Bench> bench_;
  SharedBench& shared_;
  const std::size_t unit_;
  const UniqueFd ownership_;
  const DeviceIdentity identity_;
  const UnitLog log_;
  const LibraryOptions library_;

  mutable Mutex mutex_;  ///< taken before the lock on the shared state
  BenchState state_ GENLOCK_GUARDED_BY(mutex_);
  std::uint64_t sequence_ GENLOCK_GUARDED_BY(mutex_) = 0;  ///< events that state_ has in it
  std::uint32_t power_cycles_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::uint64_t runs_ GENLOCK_GUARDED_BY(mutex_) = 0;  ///< starts, of cameras and IMU
  std::optional<UnitTimeline> timeline_
      GENLOCK_GUARDED_BY(mutex_);  ///< outlives the cameras: the IMU has its clock
  std::optional<CaptureQueue> queue_ GENLOCK_GUARDED_BY(mutex_);  ///< while the cameras run
  std::optional<LaserField> lasers_ GENLOCK_GUARDED_BY(mutex_);  ///< while the cameras run and show the scene
  std::size_t watched_in_turn_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<UnitImages> images_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<HostPath> path_ GENLOCK_GUARDED_BY(mutex_);  ///< as queue_
  bool browned_out_ GENLOCK_GUARDED_BY(mutex_) = false;      ///< since it was opened
  bool engine_dead_ GENLOCK_GUARDED_BY(mutex_) = false;
  std::optional<ImuPath> imu_path_ GENLOCK_GUARDED_BY(mutex_);
  std::optional<ImuTimeline> imu_ GENLOCK_GUARDED_BY(mutex_);
  std::uint64_t camera_run_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::uint64_t imu_run_ GENLOCK_GUARDED_BY(mutex_) = 0;
  BackendCounters counters_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace genlock::device::sim
