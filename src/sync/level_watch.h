#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "sync/change_finder.h"
#include "sync/episode.h"
#include "sync/findings.h"
#include "sync/level_follower.h"
#include "sync/placed_reader.h"

namespace genlock::sync {

/// A unit's depth against its own colour while the take goes on.
class LevelWatch {
 public:
  /// `data` outlives the watch; both streams are on.
  LevelWatch(std::size_t unit, const UnitData& data);

  /// Tells what has become certain since the last call. `color_shift` makes pulses of the colour's numbers.
  void advance(std::int64_t color_shift, Findings& out);

  /// Number of the colour less number of the depth of one pulse, once that is known.
  std::optional<std::int64_t> depth_shift() const;

  std::uint64_t frames_read() const;

 private:
  void try_to_join();
  void take(const Window& window, std::int64_t color_shift, Findings& out);
  OffsetCase offset_case() const;

  struct Readers {
    PlacedReader color, depth;
  };
  /// Where a window begins.
  struct Mark {
    FineDuration depth{}, color{};
    std::int64_t number = 0;  // of the colour
    double median = 0;
  };

  std::size_t unit_;
  const UnitData* data_;
  double tolerance_us_;
  LineView view_, color_view_;
  std::optional<Readers> readers_;
  WindowCutter cutter_;
  ChangeFinder finder_;
  LevelFollower level_;
  std::optional<Mark> open_;
  std::deque<Mark> marks_;
  std::size_t windows_ = 0;
  Offset offset_;
  Episode off_;
  std::uint64_t frames_joined_ = 0;
};

}  // namespace genlock::sync
