#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/findings.h"
#include "sync/jack_watch.h"
#include "sync/level_watch.h"
#include "sync/line_watch.h"
#include "sync/live_offset.h"
#include "sync/own_course_watch.h"
#include "sync/pair_watch.h"
#include "sync/silence_watch.h"

namespace genlock::sync {

/// A take while it goes on. Every frame is looked at a few times, whenever that is: what a poll costs depends
/// on what has come since the last one, not on the length of the take.
class LiveTake {
 public:
  /// The units outlive this and stay where they are.
  explicit LiveTake(const std::vector<UnitData>& units);
  ~LiveTake();
  LiveTake(LiveTake&&) = delete;
  LiveTake& operator=(LiveTake&&) = delete;

  /// What has just been added to the unit's data.
  void added(std::size_t unit, Stream stream);
  void added(std::size_t unit, const JackObservation& jacks);

  /// No more frames will.
  void ended(std::size_t unit) { silence_.ended(unit); }

  Findings poll();
  std::vector<LiveOffset> offsets() const;
  std::uint64_t frames_read() const;

 private:
  struct Unit;
  void advance(Unit& unit, Findings& out);
  void number(Unit& unit);
  void put_pulse(Finding& finding) const;
  void tell_behind(std::size_t before, SyncJack jack, DeviceTime at);

  const std::vector<UnitData>& units_;
  std::size_t reference_ = 0;
  std::vector<Unit> watched_;
  SilenceWatch silence_;
  bool set_told_ = false;
};

}  // namespace genlock::sync
