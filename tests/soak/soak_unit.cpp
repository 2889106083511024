#include "soak_unit.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "device/sim/bench.h"
#include "soak_bench.h"

namespace genlock::soak {
namespace {

constexpr int kCapturesPerLine = 300;
/// A sample every 600.24 µs, stamped in ticks of 11.1 µs, which the API cuts to µs.
constexpr std::int64_t kLongestImuStep = 613;

[[noreturn]] void end_with(const std::string& what) {
  fmt::print("error: {}\n", what);
  std::fflush(stdout);
  std::_Exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) end_with(result.error().message());
  return *std::move(result);
}

long resident_kb() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/// The unit with what it has given so far.
class Unit {
 public:
  explicit Unit(int number)
      : number_(number),
        provider_(must(device::sim::open_bench(device::sim::bench_options_from_environment()))) {
    device_ = must(provider_->open(static_cast<unsigned>(number)));
    if (const Status started = device_->start_cameras(cameras(number)); !started)
      end_with(started.error().message());
    if (const Status started = device_->start_imu(); !started) end_with(started.error().message());
  }

  /// Takes one capture, and the samples that have come; the capture's stamps are checked against the next
  /// pulse unless `pulse` is negative.
  void read(std::int64_t pulse) {
    const auto capture = must(device_->next_capture(HostDuration(-1)));
    if (!capture) end_with("a capture without a deadline timed out");
    if (pulse >= 0) check(*capture, pulse);
    ++captures_;
    read_imu(pulse >= 0);
  }

  /// Nothing was lost on the way.
  void check_nothing_dropped() const {
    const auto backend = device_->counters().backend;
    const auto captures = backend.captures_dropped.value_or(0),
               samples = backend.imu_samples_dropped.value_or(0);
    if (captures + samples > 0)
      end_with(fmt::format("{} captures and {} samples fell out of the queues, after {}", captures, samples,
                           captures_));
  }

  std::int64_t captures() const { return captures_; }
  std::int64_t samples() const { return samples_; }

 private:
  void check(const Capture& capture, std::int64_t pulse) const {
    if (!capture.color || !capture.depth || !capture.ir)
      end_with(fmt::format("pulse {}: a half capture", pulse));
    const std::int64_t centre_ns = count_us(*capture.color->exposure) * 1000 / 2;
    const std::int64_t expected = expected_stamp_us(number_, pulse, centre_ns);
    for (const auto* image : {&*capture.color, &*capture.depth, &*capture.ir}) {
      const std::int64_t stamp = count_us(image->device_time);
      if (stamp != expected)
        end_with(fmt::format("pulse {}: stamped {} us instead of {}", pulse, stamp, expected));
    }
  }

  void read_imu(bool checked) {
    std::array<ImuSample, 256> samples;
    for (;;) {
      const std::size_t count = must(device_->read_imu(samples, HostDuration::zero()));
      for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t stamp = count_us(samples[i].accel_time);
        const std::int64_t step = stamp - last_sample_;
        if (checked && samples_ > 0 && (step < 1 || step > kLongestImuStep))
          end_with(fmt::format("sample {}: {} us after the one before", samples_, step));
        last_sample_ = stamp;
        ++samples_;
      }
      if (count < samples.size()) return;
    }
  }

  const int number_;
  const std::unique_ptr<device::Provider> provider_;
  std::unique_ptr<device::Device> device_;
  std::int64_t captures_ = 0, samples_ = 0, last_sample_ = 0;
};

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

}  // namespace

int run_unit(int number, int parts, std::int64_t pulses_per_part) {
  Unit unit(number);
  say("started");
  std::int64_t pulse = number == 0 ? kMasterFirstPulse : kSubordinateFirstPulse;
  for (int part = 1; part <= parts; ++part) {
    for (; pulse < part * pulses_per_part; ++pulse) unit.read(pulse);
    unit.check_nothing_dropped();
    say(fmt::format("part {} captures {} samples {} rss {}\npart {} done", part, unit.captures(),
                    unit.samples(), resident_kb(), part));
  }
  for (std::int64_t line = 1;; ++line) {
    for (int i = 0; i < kCapturesPerLine; ++i) unit.read(-1);
    unit.check_nothing_dropped();
    say(fmt::format("alive {} .", line));
  }
}

}  // namespace genlock::soak
