#pragma once

#include <memory>
#include <vector>

#include "device/sim/laser_field.h"
#include "device/sim/unit_timeline.h"

namespace genlock::device::sim {

/// Units of a lab.
inline constexpr std::size_t kA = 0, kB = 1, kC = 2;

/// A bench without processes and clocks: events are applied by hand, time is a number.
class Lab {
 public:
  /// A chain of units called a, b, c, ... without jitter, that count from zero 0.55 s after their start, all
  /// in one cable line from a on.
  explicit Lab(std::size_t units = 2);

  BenchConfig config;
  HostTime boot{std::chrono::hours(1)};

  /// Call after changing the configuration.
  void switch_on() { state_ = initial_state(config, boot); }

  /// Time since the boot at which something happens.
  void start(std::size_t unit, HostDuration at, const CameraConfig& cameras);
  void stop(std::size_t unit, HostDuration at);
  void event(HostDuration at, Event event);

  /// The frames of a running unit up to a time, from where the last call ended.
  std::vector<Frame> frames(std::size_t unit, HostDuration until);

  /// What shines into a depth frame of a running unit; frames of one unit in order.
  std::vector<LaserOverlap> lasers_in(std::size_t unit, const Frame& depth);

  UnitTimeline& timeline(std::size_t unit) { return *timelines_[unit]; }
  const BenchState& state() const { return state_; }

 private:
  BenchState state_;
  std::vector<std::unique_ptr<UnitTimeline>> timelines_;
  std::vector<std::unique_ptr<LaserField>> fields_;
};

/// Both cameras at cheap modes.
CameraConfig cameras(WiredSyncMode mode, FrameRate rate = FrameRate::fps30);

std::int64_t ticks(const Frame& frame);

std::vector<Frame> only(FrameStream stream, const std::vector<Frame>& frames);

/// The frame of a stream and pulse; fails the test if there is none.
Frame at_pulse(const std::vector<Frame>& frames, FrameStream stream, std::uint64_t pulse);

}  // namespace genlock::device::sim
