#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "rig/rig.h"
#include "rig/take_event.h"

namespace genlock::cli {

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
    std::optional<sync::Micros> offset;  ///< less drift
  };

  void add_progress(Unit& unit, const session::Progress& progress);
  std::vector<std::string> row(std::size_t unit) const;
  std::string total(std::optional<std::uint64_t> disk_free) const;

  const rig::Rig& rig_;
  std::vector<Unit> units_;
  std::optional<std::int64_t> first_, last_;  ///< pulses of the take
};

}  // namespace genlock::cli
