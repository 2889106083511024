#pragma once

#include <deque>
#include <optional>

#include "sync/change_finder.h"
#include "sync/findings.h"
#include "sync/placed_reader.h"

namespace genlock::sync {

/// A unit's first stream against a perfectly regular one while the take goes on: what shows that it lost its
/// pulse where there is no master to compare it with.
class OwnCourseWatch {
 public:
  /// `data` outlives the watch.
  OwnCourseWatch(std::size_t unit, Stream stream, const UnitData& data, double tolerance_us);

  void advance(std::span<const DeviceTime> unplugged, Findings& out);

  std::uint64_t frames_read() const { return reader_.frames_read(); }

 private:
  const UnitData* data_;
  LineView view_;
  PlacedReader reader_;
  std::optional<PlacedFrame> first_;
  WindowCutter cutter_;
  ChangeFinder finder_;
  FineDuration open_{};              // stamp that the open window begins with
  std::deque<FineDuration> begins_;  // of the last windows
  std::size_t windows_ = 0;
};

}  // namespace genlock::sync
