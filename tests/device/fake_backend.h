#pragma once

#include <deque>

#include "base/queue.h"
#include "device/device.h"

namespace genlock::device {

/// What a test makes a unit do, and what it saw of the shell's calls. Outlives the device.
struct FakeUnit {
  DeviceIdentity identity{.serial = "000123456712", .version = {.color = {1, 6, 110}}, .backend = "fake"};
  SyncJacks jacks{.in = true, .out = true};
  std::optional<Error> command_error;  ///< returned by every command
  std::optional<Error> start_error;

  Mutex mutex;
  CondVar changed;
  std::deque<Capture> captures GENLOCK_GUARDED_BY(mutex);
  std::deque<ImuSample> samples GENLOCK_GUARDED_BY(mutex);
  bool running GENLOCK_GUARDED_BY(mutex) = false;
  bool imu_running GENLOCK_GUARDED_BY(mutex) = false;
  int waiting GENLOCK_GUARDED_BY(mutex) = 0;
  int starts GENLOCK_GUARDED_BY(mutex) = 0;
  int stops GENLOCK_GUARDED_BY(mutex) = 0;

  void give(Capture capture) {
    MutexLock lock(mutex);
    captures.push_back(std::move(capture));
    changed.notify_all();
  }
  void give(ImuSample sample) {
    MutexLock lock(mutex);
    samples.push_back(sample);
    changed.notify_all();
  }
  void await_reader() {
    MutexLock lock(mutex);
    while (waiting == 0) changed.wait(mutex);
  }
};

class FakeBackend final : public Backend {
 public:
  FakeBackend(FakeUnit& unit, Clock& clock) : unit_(unit), clock_(clock) {}

  const DeviceIdentity& identity() const override { return unit_.identity; }

  Result<SyncJacks> sync_jacks() override {
    if (unit_.command_error) return *unit_.command_error;
    return unit_.jacks;
  }
  Result<ControlValue> color_control(ColorControl control) override {
    if (unit_.command_error) return *unit_.command_error;
    return controls_[static_cast<std::size_t>(control)];
  }
  Status set_color_control(ColorControl control, ControlValue value) override {
    if (unit_.command_error) return *unit_.command_error;
    controls_[static_cast<std::size_t>(control)] = value;
    return {};
  }

  Status start(const CameraConfig&) override {
    if (unit_.start_error) return *unit_.start_error;
    MutexLock lock(unit_.mutex);
    unit_.running = true;
    ++unit_.starts;
    return {};
  }
  void stop() override {
    MutexLock lock(unit_.mutex);
    unit_.running = false;
    ++unit_.stops;
    unit_.captures.clear();
    unit_.changed.notify_all();
  }
  Result<std::optional<Capture>> next_capture(HostTime deadline) override {
    std::array<Capture, 1> out;
    MutexLock lock(unit_.mutex);
    GENLOCK_ASSIGN(const std::size_t count, take<Capture>(unit_.captures, unit_.running, out, deadline));
    return count == 0 ? std::nullopt : std::optional(out[0]);
  }

  Status start_imu() override {
    MutexLock lock(unit_.mutex);
    unit_.imu_running = true;
    return {};
  }
  void stop_imu() override {
    MutexLock lock(unit_.mutex);
    unit_.imu_running = false;
    unit_.changed.notify_all();
  }
  Result<std::size_t> read_imu(std::span<ImuSample> out, HostTime deadline) override {
    MutexLock lock(unit_.mutex);
    return take<ImuSample>(unit_.samples, unit_.imu_running, out, deadline);
  }
  BackendCounters counters() const override { return {.captures_dropped = 4, .imu_samples_dropped = {}}; }

 private:
  template <class T>
  Result<std::size_t> take(std::deque<T>& from, const bool& running, std::span<T> out, HostTime deadline)
      GENLOCK_REQUIRES(unit_.mutex) {
    while (running && from.empty() && clock_.now() < deadline) {
      ++unit_.waiting;
      unit_.changed.notify_all();
      clock_.wait(unit_.changed, unit_.mutex, deadline);
      --unit_.waiting;
    }
    if (!running) return Error(Errc::state, "stopped");
    std::size_t count = 0;
    for (; count < out.size() && !from.empty(); from.pop_front()) out[count++] = from.front();
    return count;
  }

  FakeUnit& unit_;
  Clock& clock_;
  std::array<ControlValue, kColorControlCount> controls_{};
};

}  // namespace genlock::device
