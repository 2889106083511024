#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rig/rig.h"
#include "rig/take_event.h"

namespace genlock::cli {

/// How far a unit's frames are from where the plan has them, against those of the reference, in µs. What the
/// clocks drift apart since their common zero is taken out by a straight line.
class OffsetGauge {
 public:
  /// Of one pulse: the difference of the stamps less the planned one.
  void add(std::int64_t pulse, double difference_us);

  /// Mean of the last second or so; nothing while there are too few to tell drift from offset.
  std::optional<double> value() const;

 private:
  static constexpr std::size_t kAveraged = 30;
  static constexpr std::size_t kEnough = 30;

  double slope() const;

  std::size_t count_ = 0;
  std::int64_t first_ = 0;
  double sum_x_ = 0, sum_y_ = 0, sum_xx_ = 0, sum_xy_ = 0;  ///< x: pulses since first_
  std::deque<std::pair<std::int64_t, double>> last_;
};

/// A table of what a rig is doing, from what the recorder tells: one line a unit, one for all.
class LiveTake {
 public:
  /// `rig` outlives it. `length`: of the take; absent: until it is stopped.
  explicit LiveTake(const rig::Rig& rig);

  void on_event(const rig::TakeEvent& event);

  /// At most `most` lines, without line breaks. `disk_free`: bytes where the take is.
  std::vector<std::string> lines(std::size_t most, std::optional<std::uint64_t> disk_free) const;

 private:
  struct Told;
  /// What a unit had at one progress.
  struct Point {
    DeviceDuration recorded{};
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
  };
  struct Unit {
    std::string state = "closed";
    bool lost = false;         ///< its recording of the take has failed
    std::deque<Point> points;  ///< of the last two seconds
    std::uint64_t drops = 0;
    std::size_t queued = 0;
    std::map<std::int64_t, DeviceTime> stamps;  ///< by pulse, that were not compared yet
    OffsetGauge offset;
  };

  void add_frames(std::size_t unit, const session::Frames& frames);
  void compare(std::size_t unit);
  void add_progress(Unit& unit, const session::Progress& progress);
  std::vector<std::string> row(std::size_t unit) const;
  std::string total(std::optional<std::uint64_t> disk_free) const;

  const rig::Rig& rig_;
  std::vector<Unit> units_;
  std::optional<std::int64_t> first_, last_;  ///< pulses of the take
};

}  // namespace genlock::cli
