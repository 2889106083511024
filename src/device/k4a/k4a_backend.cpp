#include "device/k4a/k4a_backend.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/log.h"
#include "device/k4a/diagnosis.h"

namespace genlock::device::k4a {
namespace {

/// The longest wait inside the library.
constexpr HostDuration kSlice = std::chrono::milliseconds(100);

k4a_device_configuration_t configuration(const CameraConfig& config) {
  k4a_device_configuration_t c = K4A_DEVICE_CONFIG_INIT_DISABLE_ALL;
  c.color_format = static_cast<k4a_image_format_t>(config.color_format);
  c.color_resolution = static_cast<k4a_color_resolution_t>(config.color_resolution);
  c.depth_mode = static_cast<k4a_depth_mode_t>(config.depth_mode);
  c.camera_fps = static_cast<k4a_fps_t>(config.rate);
  c.synchronized_images_only = config.synchronized_images_only;
  c.depth_delay_off_color_usec = static_cast<std::int32_t>(count_us(config.depth_delay_off_color));
  c.wired_sync_mode = static_cast<k4a_wired_sync_mode_t>(config.sync_mode);
  c.subordinate_delay_off_master_usec = static_cast<std::uint32_t>(count_us(config.delay_off_master));
  c.disable_streaming_indicator = config.disable_streaming_indicator;
  return c;
}

/// A library's clean-up after a failed start is not relied on.
Status start_cameras(const UnitHandle& unit, const CameraConfig& config) {
  const Library& library = unit.library();
  const std::uint64_t mark = library.log().mark();
  const k4a_device_configuration_t wanted = configuration(config);
  if (unit.api().device_start_cameras(unit.get(), &wanted) == K4A_RESULT_SUCCEEDED) return {};
  auto said = said_since(library, mark, EngineMessages::keep);
  unit.api().device_stop_cameras(unit.get());
  if (const auto engine = library.depth_engine_trouble(); engine && config.depth_on() && !diagnose(said))
    said = {*engine};
  return explain(said, Errc::io, "starting the cameras");
}

/// Whether the unit now counts from its start on, without being set to the host's time later on.
bool choose_own_clock(const UnitHandle& unit) {
  const auto switch_clock = unit.api().orbbec.switch_clock;
  constexpr std::uint32_t kAtOnce = 0;
  return switch_clock != nullptr &&
         switch_clock(unit.get(), kOrbbecClockReset, kAtOnce) == K4A_RESULT_SUCCEEDED;
}

ImuSample sample_from(const k4a_imu_sample_t& from) {
  ImuSample sample{.temperature_c = from.temperature};
  std::copy_n(from.acc_sample.v, 3, sample.accel.begin());
  sample.accel_time = device_time_us(static_cast<std::int64_t>(from.acc_timestamp_usec));
  std::copy_n(from.gyro_sample.v, 3, sample.gyro.begin());
  sample.gyro_time = device_time_us(static_cast<std::int64_t>(from.gyro_timestamp_usec));
  return sample;
}

}  // namespace

Result<std::unique_ptr<Backend>> K4aBackend::open(Library& library, unsigned index, Clock& clock,
                                                  const CallLimits& limits) {
  auto calls = std::make_unique<CallThread>(fmt::format("k4a unit {}", index));
  const std::uint64_t mark = library.log().mark();
  GENLOCK_ASSIGN(OpenedUnit unit,
                 calls->run<OpenedUnit>(fmt::format("opening unit {}", index), limits.open,
                                        [&library, index] { return open_unit(library, index); }));
  std::unique_ptr<K4aBackend> backend(
      new K4aBackend(index, std::move(calls), std::move(unit), clock, limits));
  backend->notice_mark_ = mark;
  return std::unique_ptr<Backend>(std::move(backend));
}

K4aBackend::K4aBackend(unsigned index, std::unique_ptr<CallThread> calls, OpenedUnit unit, Clock& clock,
                       const CallLimits& limits)
    : library_(unit.handle->library()),
      clock_(clock),
      limits_(limits),
      calls_(std::move(calls)),
      capture_calls_(fmt::format("k4a read {}", index)),
      imu_calls_(fmt::format("k4a imu {}", index)),
      unit_(std::move(unit.handle)),
      identity_(std::move(unit.identity)),
      attached_(unit.attached) {}

K4aBackend::~K4aBackend() {
  stop_imu();
  stop();
  if (hangs()) return;  // said already; the unit stays open under the call
  const auto closed = calls_->run<void>("closing the unit", limits_.close,
                                        [unit = std::exchange(unit_, nullptr)]() -> Status { return {}; });
  if (!closed) log_error("unit {}: {}", identity_.serial, closed.error().message());
}

template <class T>
Result<T> K4aBackend::call(const std::string& doing, HostDuration limit,
                           std::function<Result<T>(const std::shared_ptr<UnitHandle>&)> made) {
  return calls_->run<T>(doing, limit, [unit = unit_, made = std::move(made)] { return made(unit); });
}

void K4aBackend::call_to_end(const std::string& doing, HostDuration limit,
                             std::function<void(const std::shared_ptr<UnitHandle>&)> made) {
  const Status done = call<void>(doing, limit, [made = std::move(made)](const auto& unit) -> Status {
    made(unit);
    return {};
  });
  if (!done) log_error("unit {}: {}", identity_.serial, done.error().message());
}

Result<SyncJacks> K4aBackend::sync_jacks() {
  return call<SyncJacks>("asking the unit for its sync jacks", limits_.command,
                         [attached = attached_](const auto& unit) { return read_jacks(*unit, attached); });
}

Result<ControlValue> K4aBackend::color_control(ColorControl control) {
  return call<ControlValue>(
      "reading a colour control", limits_.command,
      [attached = attached_, control](const auto& unit) { return read_control(*unit, attached, control); });
}

Status K4aBackend::set_color_control(ColorControl control, ControlValue value) {
  return call<void>("setting a colour control", limits_.command,
                    [attached = attached_, control, value](const auto& unit) {
                      return write_control(*unit, attached, control, value);
                    });
}

/// Orbbec's units have ranges of their own (facts k4a-abi.md D).
Result<ControlCapabilities> K4aBackend::control_capabilities(ColorControl control, int powerline) {
  if (library_.vendor() != Vendor::orbbec || library_.api().device_get_color_control_capabilities == nullptr)
    return Backend::control_capabilities(control, powerline);
  return call<ControlCapabilities>("asking what a colour control can do", limits_.command,
                                   [attached = attached_, control](const auto& unit) {
                                     return read_capabilities(*unit, attached, control);
                                   });
}

Status K4aBackend::start(const CameraConfig& config) {
  start_mark_ = library_.log().mark();
  {
    MutexLock lock(mutex_);
    losses_before_ = library_.log().losses();
  }
  reader_.emplace(library_, config, clock_, [this](std::string text) { notices_.add(std::move(text)); });
  steps_.reset();
  if (library_.vendor() == Vendor::orbbec) {
    steps_.emplace(config.rate);
    const auto own = call<bool>("choosing the unit's clock", limits_.command,
                                [](const auto& unit) -> Result<bool> { return choose_own_clock(*unit); });
    if (!own) return own.error();
    if (!*own)
      notices_.add(
          "its stamps follow this host's clock and are set to it every 60 s, with a step each time: the "
          "library has no "
          "other clock to choose");
  }
  GENLOCK_TRY(call<void>("starting the cameras", limits_.start,
                         [config](const auto& unit) { return start_cameras(*unit, config); }));
  cameras_run_ = true;
  return {};
}

void K4aBackend::stop() {
  if (!cameras_run_.exchange(false)) return;
  call_to_end("stopping the cameras", limits_.stop,
              [](const auto& unit) { unit->api().device_stop_cameras(unit->get()); });
}

/// A wait of the library: until the deadline in whole ms, rounded up, but a slice at most.
std::int32_t K4aBackend::wait_ms(HostTime deadline) const {
  const HostDuration left =
      deadline == kNoDeadline ? kSlice : std::clamp(deadline - clock_.now(), HostDuration::zero(), kSlice);
  return static_cast<std::int32_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

/// Genlock's own library may wait for as long as its bench stands still.
HostDuration K4aBackend::read_limit(std::int32_t wait_ms) const {
  if (library_.vendor() == Vendor::genlock) return HostDuration(-1);
  return limits_.read + std::chrono::milliseconds(wait_ms);
}

Result<K4aBackend::CaptureRead> K4aBackend::read_capture(std::int32_t wait_ms) {
  return capture_calls_.run<CaptureRead>(
      "reading captures", read_limit(wait_ms), [unit = unit_, wait_ms]() -> Result<CaptureRead> {
        k4a_capture_t handle = nullptr;
        CaptureRead read{.result = unit->api().device_get_capture(unit->get(), &handle, wait_ms)};
        if (read.result == K4A_WAIT_RESULT_SUCCEEDED && handle != nullptr)
          read.capture = std::make_shared<const CaptureHandle>(unit->library(), handle);
        return read;
      });
}

Result<std::optional<Capture>> K4aBackend::next_capture(HostTime deadline) {
  while (cameras_run_) {
    GENLOCK_ASSIGN(const CaptureRead read, read_capture(wait_ms(deadline)));
    if (!cameras_run_) break;
    if (read.result == K4A_WAIT_RESULT_FAILED) return read_error("reading captures");
    // A success without a capture is a time-out: some libraries lose a race (facts k4a-abi.md B3).
    if (read.capture) {
      Capture capture = reader_->read(*read.capture);
      watch_clock(capture);
      if (!capture.empty()) return std::optional(std::move(capture));
    } else if (clock_.now() >= deadline) {
      return std::nullopt;
    }
  }
  return Error(Errc::state, "the cameras were stopped");
}

/// Depth's stamps are the steadier ones: exposures do not move them (facts device.md 2.6).
void K4aBackend::watch_clock(const Capture& capture) {
  const auto& image = capture.ir ? capture.ir : capture.color;
  if (!steps_ || !image) return;
  if (const auto step = steps_->see(image->device_time))
    notices_.add(
        fmt::format("its clock stepped by {} us at {} us: stamps before and after do not compare to the "
                    "microsecond",
                    count_us(*step), count_us(image->device_time)));
}

Status K4aBackend::start_imu() {
  GENLOCK_TRY(call<void>("starting the IMU", limits_.start, [](const auto& unit) -> Status {
    const std::uint64_t mark = unit->library().log().mark();
    if (unit->api().device_start_imu(unit->get()) == K4A_RESULT_SUCCEEDED) return {};
    return explain(said_since(unit->library(), mark), Errc::io, "starting the IMU");
  }));
  imu_runs_ = true;
  return {};
}

void K4aBackend::stop_imu() {
  if (!imu_runs_.exchange(false)) return;
  call_to_end("stopping the IMU", limits_.stop,
              [](const auto& unit) { unit->api().device_stop_imu(unit->get()); });
}

/// What has come, or after a wait the first that comes; the result of the wait.
Result<k4a_wait_result_t> K4aBackend::read_samples(std::size_t most, std::int32_t wait_ms,
                                                   const Samples& into) {
  return imu_calls_.run<k4a_wait_result_t>(
      "reading the IMU", read_limit(wait_ms),
      [unit = unit_, most, wait_ms, into]() -> Result<k4a_wait_result_t> {
        k4a_imu_sample_t sample{};
        const auto first = unit->api().device_get_imu_sample(unit->get(), &sample, wait_ms);
        auto result = first;
        while (result == K4A_WAIT_RESULT_SUCCEEDED) {
          into->push_back(sample_from(sample));
          if (into->size() >= most) break;
          result = unit->api().device_get_imu_sample(unit->get(), &sample, 0);
        }
        return first;
      });
}

Result<std::size_t> K4aBackend::read_imu(std::span<ImuSample> out, HostTime deadline) {
  while (imu_runs_) {
    const auto samples = std::make_shared<std::vector<ImuSample>>();
    GENLOCK_ASSIGN(const auto result, read_samples(out.size(), wait_ms(deadline), samples));
    if (!imu_runs_) break;
    if (result == K4A_WAIT_RESULT_FAILED) return read_error("reading the IMU");
    std::ranges::copy(*samples, out.begin());
    if (!samples->empty()) return samples->size();
    if (clock_.now() >= deadline) return std::size_t{0};
  }
  return Error(Errc::state, "the IMU was stopped");
}

/// A read that fails while its stream runs: the unit is gone, or its library gave the stream up.
Error K4aBackend::read_error(const std::string& doing) const {
  auto said = library_.log().since(start_mark_);
  std::erase_if(said, is_of_depth_engine);
  const auto presence =
      calls_->run<void>("asking for the unit", limits_.command,
                        [unit = unit_, attached = attached_] { return check_presence(*unit, attached); });
  const Error error = explain(said, Errc::io, doing);
  return presence ? error : Error(Errc::disconnected, error.message());
}

BackendCounters K4aBackend::counters() const {
  // The log does not say which unit's queue was full, and Genlock's says it every two seconds at most.
  if (!library_.log_is_read() || library_.vendor() == Vendor::genlock || library_.open_units() != 1)
    return {};
  const QueueLosses losses = library_.log().losses();
  MutexLock lock(mutex_);
  return {.captures_dropped = losses.captures - losses_before_.captures,
          .imu_samples_dropped = losses.imu_samples - losses_before_.imu_samples};
}

std::string K4aBackend::trouble() {
  if (!cameras_run_) return {};
  const auto presence =
      call<void>("asking for the unit", limits_.command,
                 [attached = attached_](const auto& unit) { return check_presence(*unit, attached); });
  if (!presence) return presence.error().message();
  // With several units, whose streams the messages are about is not known.
  if (library_.open_units() != 1) return {};
  const auto said = library_.log().since(start_mark_);
  const auto dead = diagnose(said, Gravity::stream);
  return dead ? dead->text : std::string();
}

void K4aBackend::note_warnings() {
  const std::uint64_t next = library_.log().mark();
  const std::uint64_t from = notice_mark_.exchange(next);
  if (from == next || library_.open_units() != 1) return;
  const auto said = library_.log().since(from);
  if (const auto warning = diagnose(said, Gravity::warning)) notices_.add(std::string(warning->cause));
}

std::vector<std::string> K4aBackend::take_notices() {
  note_warnings();
  return notices_.take();
}

}  // namespace genlock::device::k4a
