#include "device/device.h"

#include <fmt/core.h>

#include "base/log.h"
#include "device/stream_gaps.h"

namespace genlock::device {

struct Device::Impl {
  Impl(std::unique_ptr<Backend> backend_in, Clock& clock_in)
      : backend(std::move(backend_in)), clock(clock_in), name("unit " + backend->identity().serial) {}

  /// A run of the cameras, from start to stop. Captures that arrive after their session ended are thrown
  /// away.
  struct Session {
    CameraConfig config;
    bool running = false;
    std::uint64_t number = 0;
    std::uint64_t captures = 0;
    std::uint64_t imu_samples = 0;
    StreamGaps color, depth;
  };

  const std::unique_ptr<Backend> backend;
  Clock& clock;
  const std::string name;

  Mutex control;  ///< held through a start or a stop, which therefore do not overlap; taken before `mutex`
  mutable Mutex mutex;
  Session session GENLOCK_GUARDED_BY(mutex);
  bool imu_running GENLOCK_GUARDED_BY(mutex) = false;

  Error wrong_state(std::string_view what) const {
    return Error(Errc::state, fmt::format("{}: {}", name, what));
  }

  Status may_start_cameras() const {
    MutexLock lock(mutex);
    if (session.running) return wrong_state("the cameras run already; stop them first");
    if (imu_running) return wrong_state("the IMU still runs; stop it before starting the cameras");
    return {};
  }

  Status may_start_imu() const {
    MutexLock lock(mutex);
    if (imu_running) return wrong_state("the IMU runs already");
    if (!session.running) return wrong_state("the IMU needs a running camera; start the cameras first");
    return {};
  }

  Status check_config(const CameraConfig& config) {
    if (config.sync_mode == WiredSyncMode::standalone) return validate(config, SyncJacks{});
    GENLOCK_ASSIGN(const SyncJacks jacks, backend->sync_jacks());
    return validate(config, jacks);
  }

  void begin_session(const CameraConfig& config) {
    MutexLock lock(mutex);
    const std::uint64_t number = session.number + 1;
    session = Session{};
    session.config = config;
    session.running = true;
    session.number = number;
    session.color = session.depth = StreamGaps(config.rate);
  }

  bool end_session() {
    MutexLock lock(mutex);
    return std::exchange(session.running, false);
  }

  bool set_imu_running(bool running) {
    MutexLock lock(mutex);
    return std::exchange(imu_running, running);
  }

  Result<std::uint64_t> session_to_read() const {
    MutexLock lock(mutex);
    if (!session.running) return wrong_state("the cameras are not started");
    return session.number;
  }

  Status count(const Capture& capture, std::uint64_t session_number) {
    MutexLock lock(mutex);
    if (!session.running || session.number != session_number) return wrong_state("the cameras were stopped");
    ++session.captures;
    if (capture.color) session.color.count(capture.color->device_time);
    const auto& depth_side = capture.ir ? capture.ir : capture.depth;
    if (depth_side) session.depth.count(depth_side->device_time);
    return {};
  }

  Status imu_to_read() const {
    MutexLock lock(mutex);
    if (!imu_running) return wrong_state("the IMU is not started");
    return {};
  }

  Status count_imu(std::size_t samples) {
    MutexLock lock(mutex);
    if (!imu_running) return wrong_state("the IMU was stopped");
    session.imu_samples += samples;
    return {};
  }

  std::optional<CameraConfig> running_config() const {
    MutexLock lock(mutex);
    return session.running ? std::optional(session.config) : std::nullopt;
  }

  DeviceCounters counters() const {
    const BackendCounters below = backend->counters();
    MutexLock lock(mutex);
    return {.captures = session.captures,
            .color = session.color.counters(),
            .depth = session.depth.counters(),
            .imu_samples = session.imu_samples,
            .backend = below};
  }
};

Device::Device(std::unique_ptr<Backend> backend, Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(backend), clock)) {}

Device::~Device() {
  stop_imu();
  stop_cameras();
}

const DeviceIdentity& Device::identity() const {
  return impl_->backend->identity();
}

Clock& Device::clock() const {
  return impl_->clock;
}

Result<SyncJacks> Device::sync_jacks() {
  return impl_->backend->sync_jacks().context(impl_->name);
}

Result<ControlValue> Device::color_control(ColorControl control) {
  GENLOCK_TRY(validate(control).context(impl_->name));
  return impl_->backend->color_control(control).context(impl_->name);
}

Status Device::set_color_control(ColorControl control, ControlValue value) {
  constexpr int kAnyPowerline = 2;  // it bounds the exposure only, and units take any exposure
  GENLOCK_ASSIGN(const ControlCapabilities can, control_capabilities(control, kAnyPowerline));
  GENLOCK_TRY(validate(control, value, can).context(impl_->name));
  return impl_->backend->set_color_control(control, value).context(impl_->name);
}

Result<ControlCapabilities> Device::control_capabilities(ColorControl control, int powerline) {
  GENLOCK_TRY(validate(control).context(impl_->name));
  return impl_->backend->control_capabilities(control, powerline).context(impl_->name);
}

Status Device::start_cameras(const CameraConfig& config) {
  MutexLock control(impl_->control);
  GENLOCK_TRY(impl_->may_start_cameras());
  GENLOCK_TRY(impl_->check_config(config).context(impl_->name));
  GENLOCK_TRY(impl_->backend->start(config).context(impl_->name));
  impl_->begin_session(config);
  log_info("{}: cameras started", impl_->name);
  return {};
}

void Device::stop_cameras() {
  MutexLock control(impl_->control);
  if (!impl_->end_session()) return;
  impl_->backend->stop();
  log_info("{}: cameras stopped", impl_->name);
}

Status Device::start_imu() {
  MutexLock control(impl_->control);
  GENLOCK_TRY(impl_->may_start_imu());
  GENLOCK_TRY(impl_->backend->start_imu().context(impl_->name));
  impl_->set_imu_running(true);
  return {};
}

void Device::stop_imu() {
  MutexLock control(impl_->control);
  if (impl_->set_imu_running(false)) impl_->backend->stop_imu();
}

Result<std::optional<Capture>> Device::next_capture(HostDuration timeout) {
  GENLOCK_ASSIGN(const std::uint64_t session, impl_->session_to_read());
  auto capture = impl_->backend->next_capture(deadline_after(impl_->clock, timeout));
  if (!capture) return std::move(capture).context(impl_->name);
  if (*capture) GENLOCK_TRY(impl_->count(**capture, session));
  return capture;
}

Result<std::optional<ImuSample>> Device::next_imu_sample(HostDuration timeout) {
  ImuSample sample;
  GENLOCK_ASSIGN(const std::size_t count, read_imu(std::span(&sample, 1), timeout));
  return count == 0 ? std::nullopt : std::optional(sample);
}

Result<std::size_t> Device::read_imu(std::span<ImuSample> out, HostDuration timeout) {
  GENLOCK_TRY(impl_->imu_to_read());
  if (out.empty()) return std::size_t{0};
  auto count = impl_->backend->read_imu(out, deadline_after(impl_->clock, timeout));
  if (!count) return std::move(count).context(impl_->name);
  GENLOCK_TRY(impl_->count_imu(*count));
  return count;
}

std::optional<CameraConfig> Device::running_config() const {
  return impl_->running_config();
}

DeviceCounters Device::counters() const {
  return impl_->counters();
}

std::string Device::trouble() {
  return impl_->backend->trouble();
}

std::vector<std::string> Device::take_notices() {
  std::vector<std::string> notices = impl_->backend->take_notices();
  for (std::string& notice : notices) notice = impl_->name + ": " + notice;
  return notices;
}

}  // namespace genlock::device
