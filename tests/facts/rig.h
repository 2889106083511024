#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/temporary_bench.h"

namespace genlock::facts {

/// One capture as a program gets it; stamps in µs of the unit, host stamps since the bench's boot.
struct Shot {
  std::optional<std::int64_t> color, depth;
  std::int64_t exposure_us = 0;  ///< of colour
  HostDuration color_host{}, depth_host{};
  float temperature_c = 0;
};

/// A preset of the bench, stepped, with pictures that cost nothing.
device::sim::BenchConfig stepped_preset(const std::string& name = "default");

/// That preset with the units on an external generator.
device::sim::BenchConfig triggered_preset(const std::string& name, double ppm = 0);

/// 720p colour and narrow unbinned depth.
CameraConfig both_cameras(WiredSyncMode mode, FrameRate rate = FrameRate::fps30);

/// Narrow depth without colour.
CameraConfig depth_alone(WiredSyncMode mode);

/// The three units of a stepped bench, read by an ordinary program all the time.
class Rig {
 public:
  explicit Rig(const device::sim::BenchConfig& config = stepped_preset());

  device::Device& unit(const std::string& name);
  test::TemporaryBench& bench() { return bench_; }

  /// Both fail the test if the unit does not start.
  void start(const std::string& name, const CameraConfig& config);
  void start_imu(const std::string& name);

  /// Subordinates first, then the master.
  void start_chain(const CameraConfig& master, const CameraConfig& subordinate);

  void stop(const std::string& name);

  /// Lets time pass in steps, reading everything that runs after each.
  void pass(HostDuration time, HostDuration step = std::chrono::milliseconds(5));

  /// Lets time pass while nobody reads.
  void pass_unread(HostDuration time) { bench_.step(time); }

  /// Does what `genlock bench set` does with these words.
  void set(const std::vector<std::string>& words);
  void set_exposure(const std::string& name, std::int32_t us);

  HostDuration now() { return bench_.clock().now() - boot_; }

  /// What a unit has given since the last start.
  const std::vector<Shot>& shots(const std::string& name) { return read_[name].shots; }
  const std::vector<ImuSample>& samples(const std::string& name) { return read_[name].samples; }

  /// Bench time at which each batch of samples was first seen.
  const std::vector<HostDuration>& imu_arrivals(const std::string& name) { return read_[name].arrivals; }

 private:
  struct Read {
    std::unique_ptr<device::Device> unit;
    bool imu = false;
    std::vector<Shot> shots;
    std::vector<ImuSample> samples;
    std::vector<HostDuration> arrivals;
  };
  void read(Read& from);
  void read_imu(Read& from);

  test::TemporaryBench bench_;
  const HostTime boot_;
  std::map<std::string, Read> read_;
};

/// Stamps of one stream, in order.
std::vector<std::int64_t> color_stamps(const std::vector<Shot>& shots);
std::vector<std::int64_t> depth_stamps(const std::vector<Shot>& shots);

/// The ticks of a stamp: the API shows floor(ticks * 100 / 9) µs.
std::int64_t ticks_of(std::int64_t us);

/// "1, 2, 3" of the first so many.
std::string first_of(const std::vector<std::int64_t>& values, std::size_t count);

/// Stamps of b less those of a for frames nearer than half a period, over the whole run.
std::vector<std::int64_t> offsets(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b,
                                  std::int64_t expected_us = 0);

struct Range {
  std::int64_t least = 0, most = 0, usual = 0;  ///< the value seen most often
};
Range range_of(const std::vector<std::int64_t>& values);
std::vector<std::int64_t> differences(const std::vector<std::int64_t>& values);

}  // namespace genlock::facts
