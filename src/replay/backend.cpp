#include "replay/backend.h"

#include <algorithm>

#include "replay/match_config.h"

namespace genlock::replay {
namespace {

/// Queues of a live unit (facts k4a-abi.md B3).
constexpr std::size_t kCaptureQueue = 7;
constexpr std::size_t kImuQueue = 833;

device::DeviceIdentity identity_of(const recording::RecordingInfo& info) {
  device::DeviceIdentity identity;
  identity.serial = info.serial;
  identity.version.color = info.color_firmware.value_or(Version{});
  identity.version.depth = info.depth_firmware.value_or(Version{});
  identity.raw_calibration = info.raw_calibration;
  identity.simulated = info.simulated;
  identity.backend = "replay";
  identity.host = this_host();
  return identity;
}

/// The jacks that a unit must have had to start in this mode.
SyncJacks jacks_needed_by(WiredSyncMode mode) {
  SyncJacks jacks;
  if (mode == WiredSyncMode::subordinate) jacks.in = true;
  if (mode == WiredSyncMode::master) jacks.out = true;
  return jacks;
}

DeviceTime latest_time(const Capture& capture) {
  DeviceTime latest = DeviceTime::min();
  for (const auto* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image) latest = std::max(latest, (*image)->device_time);
  return latest;
}

bool has_both_sides(const Capture& capture) {
  return capture.color && (capture.depth || capture.ir);
}

}  // namespace

std::optional<Lease> Lease::take(std::shared_ptr<std::atomic<bool>> in_use) {
  if (in_use->exchange(true)) return std::nullopt;
  return Lease(std::move(in_use));
}

Lease::~Lease() {
  if (in_use_) *in_use_ = false;
}

Result<std::unique_ptr<recording::Reader>> open_reader(const Recording& recording) {
  return recording.open().context("recording " + recording.name);
}

HostTime Timeline::at(DeviceTime stamp) const {
  constexpr std::int64_t kLongestUs = std::int64_t{100} * 365 * 86400 * 1'000'000;
  const std::int64_t from = std::clamp(count_us(origin), -kLongestUs, kLongestUs);
  const std::int64_t to = std::clamp(count_us(stamp), -kLongestUs, kLongestUs);
  return start + std::chrono::microseconds(std::clamp(to - from, std::int64_t{0}, kLongestUs));
}

ReplayBackend::ReplayBackend(Recording recording, std::unique_ptr<recording::Reader> reader, Lease lease,
                             Options options)
    : recording_(std::move(recording)),
      lease_(std::move(lease)),
      options_(options),
      info_(reader->info()),
      identity_(identity_of(info_)),
      reader_(std::move(reader)),
      controls_(identity_.version.color) {}

Result<SyncJacks> ReplayBackend::sync_jacks() {
  MutexLock lock(mutex_);
  if (!jacks_) {
    GENLOCK_ASSIGN(jacks_, recorded_jacks());
  }
  return *jacks_;
}

Result<SyncJacks> ReplayBackend::recorded_jacks() const {
  GENLOCK_ASSIGN(const auto reader, open_reader(recording_));
  GENLOCK_ASSIGN(const recording::Survey survey, reader->survey());
  return survey.jacks.empty() ? jacks_needed_by(info_.config.sync_mode) : survey.jacks.front().jacks;
}

Result<device::ControlValue> ReplayBackend::color_control(device::ColorControl control) {
  MutexLock lock(mutex_);
  return controls_.get(control);
}

Status ReplayBackend::set_color_control(device::ColorControl control, device::ControlValue value) {
  MutexLock lock(mutex_);
  controls_.set(control, value);
  return {};
}

Status ReplayBackend::start(const CameraConfig& config) {
  GENLOCK_TRY(match_config(config, info_));
  MutexLock lock(mutex_);
  reader_->rewind();
  GENLOCK_ASSIGN(timeline_, timeline_from_now());
  make_playbacks(config);
  imu_gate_ = DeviceTime::min();
  running_ = true;
  imu_ran_ = false;
  return {};
}

Result<Timeline> ReplayBackend::timeline_from_now() {
  GENLOCK_ASSIGN(const auto capture, reader_->next_capture());
  GENLOCK_ASSIGN(const auto sample, reader_->next_imu_sample());
  reader_->rewind();
  DeviceTime origin = capture ? earliest_time(*capture) : DeviceTime::max();
  if (sample) origin = std::min(origin, sample->accel_time);
  return Timeline{.start = options_.clock->now(), .origin = origin};
}

void ReplayBackend::make_playbacks(const CameraConfig& config) {
  const bool paced = options_.pace == Pace::real_time;
  const auto capture_due = [paced, timeline = timeline_](const Capture& capture) {
    return paced ? timeline.at(latest_time(capture)) : HostTime::min();
  };
  const auto sample_due = [this, paced, timeline = timeline_](const ImuSample& sample) {
    if (paced) return timeline.at(sample.accel_time);
    return sample.accel_time <= imu_gate_ ? HostTime::min() : HostTime::max();
  };
  const auto fetch_sample = [this] { return reader_->next_imu_sample(); };
  const auto fetch = [this, only = config.synchronized_images_only] { return fetch_capture(only); };
  captures_.emplace(Playback<Capture>::Source{fetch, capture_due, kCaptureQueue, paced});
  samples_.emplace(Playback<ImuSample>::Source{fetch_sample, sample_due, kImuQueue, paced});
}

Result<std::optional<Capture>> ReplayBackend::fetch_capture(bool synchronized_only) {
  for (;;) {
    auto capture = reader_->next_capture();
    if (!capture || !*capture || !synchronized_only || has_both_sides(**capture)) return capture;
  }
}

void ReplayBackend::stop() {
  MutexLock lock(mutex_);
  running_ = false;
  open_imu_gate(DeviceTime::max());
}

template <class T>
Result<std::optional<T>> ReplayBackend::await(std::optional<Playback<T>>& stream, const bool& running,
                                              HostTime deadline) {
  while (running) {
    GENLOCK_ASSIGN(auto item, stream->take(options_.clock->now()));
    if (item) return item;
    if (stream->ended()) return Error(Errc::not_found, "the recording has ended");
    if (options_.clock->now() >= deadline) return std::optional<T>();
    options_.clock->wait(changed_, mutex_, std::min(deadline, stream->next_due()));
  }
  return Error(Errc::state, "the playback was stopped");
}

Result<std::optional<Capture>> ReplayBackend::next_capture(HostTime deadline) {
  MutexLock lock(mutex_);
  auto capture = await(captures_, running_, deadline);
  if (capture && *capture) {
    stamp(**capture);
    open_imu_gate(latest_time(**capture));
  } else if (!capture) {
    open_imu_gate(DeviceTime::max());
  }
  return capture;
}

void ReplayBackend::open_imu_gate(DeviceTime until) {
  imu_gate_ = std::max(imu_gate_, until);
  changed_.notify_all();
}

void ReplayBackend::stamp(Capture& capture) {
  last_unpaced_ = std::max(options_.clock->now(), last_unpaced_ + HostDuration(1));
  for (auto* image : {&capture.color, &capture.depth, &capture.ir})
    if (*image)
      (*image)->host_time =
          options_.pace == Pace::real_time ? timeline_.at((*image)->device_time) : last_unpaced_;
}

Status ReplayBackend::start_imu() {
  if (!info_.imu_track) return Error(Errc::unsupported, "the recording has no IMU track; leave the IMU off");
  MutexLock lock(mutex_);
  if (imu_ran_) samples_->skip_to(options_.clock->now());
  imu_running_ = imu_ran_ = true;
  return {};
}

void ReplayBackend::stop_imu() {
  MutexLock lock(mutex_);
  imu_running_ = false;
  changed_.notify_all();
}

Result<std::size_t> ReplayBackend::read_imu(std::span<ImuSample> out, HostTime deadline) {
  MutexLock lock(mutex_);
  GENLOCK_ASSIGN(auto sample, await(samples_, imu_running_, deadline));
  std::size_t count = 0;
  while (sample && count < out.size()) {
    out[count++] = *sample;
    if (count == out.size()) break;
    const auto next = samples_->take(options_.clock->now());
    sample = next.value_or(std::nullopt);  // an error stays, and the next read says it
  }
  return count;
}

device::BackendCounters ReplayBackend::counters() const {
  MutexLock lock(mutex_);
  return {.captures_dropped = captures_ ? captures_->dropped() : 0,
          .imu_samples_dropped = samples_ ? samples_->dropped() : 0};
}

}  // namespace genlock::replay
