#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/capture.h"
#include "device/sim/bench_state.h"
#include "device/sim/unit_counter.h"

namespace genlock::device::sim {

inline constexpr int kImuRate = 1666;          ///< samples a second, nominal (facts device.md 1.3)
inline constexpr int kImuPacketSamples = 8;    ///< 208 packets a second
inline constexpr std::size_t kImuQueue = 833;  ///< samples; the oldest are dropped

/// The specific force a resting unit's accelerometer shows, m/s², in its own axes.
Result<std::array<double, 3>> gravity_in_accelerometer(ByteSpan calibration, const Pose& pose);

/// The IMU of one unit from one start_imu to its stop: samples on a grid of its own, delivered by the packet,
/// in a queue of 833. Pure, like UnitTimeline, whose counter it shares.
class ImuTimeline {
 public:
  struct Setup {
    std::size_t unit = 0;
    std::uint64_t seed = 0;
    HostTime start;
    HostTime powered;      ///< when the unit was
    bool stalled = false;  ///< from the start
    std::array<double, 3> gravity{};
  };
  ImuTimeline(const UnitConfig& unit, const Setup& setup);

  /// The IMU was silenced or given back, or lost power or its transfers for good.
  void on_event(const Event& event);

  /// Takes the oldest samples that have come by `now`. `counter` is nothing before the unit's first pulse.
  std::size_t take(HostTime now, const UnitCounter* counter, std::span<ImuSample> out);

  /// When the next packet comes.
  HostTime next_delivery(const UnitCounter* counter) const;

  /// The unit is gone: what came before has been taken, nothing will follow.
  bool lost(HostTime now) const { return power_off_ <= now; }

  /// When it last delivered something, by `now`.
  HostTime last_data(HostTime now) const;

  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Stall {
    HostTime from;
    HostTime to;
  };
  HostTime sample_time(std::uint64_t sample) const;
  std::uint64_t delivered_by(HostTime t) const;
  bool begin(const UnitCounter* counter);
  bool stalled(HostTime t) const;
  ImuSample sample(std::uint64_t number, const UnitCounter& counter) const;
  float noisy(double value, double sigma, std::uint64_t counter) const;

  const UnitConfig& unit_;
  const Setup setup_;
  std::optional<HostTime> first_;  ///< time of sample 0
  std::uint64_t next_ = 0;         ///< sample to take next
  std::uint64_t dropped_ = 0;
  std::vector<Stall> stalls_;
  HostTime power_off_ = kForever;
};

}  // namespace genlock::device::sim
