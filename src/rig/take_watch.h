#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "rig/rig.h"
#include "rig/take_event.h"
#include "sync/monitor.h"

namespace genlock::rig {

/// Watches a take while it is recorded: from what the sessions tell to incidents, each told once. One thread
/// at a time.
class TakeWatch {
 public:
  /// `clock` dates the incidents, and outlives the watch.
  TakeWatch(const Rig& rig, Clock& clock);

  /// Who the unit is; of all units before the first frame.
  void opened(std::size_t unit, const session::Opened& as);

  /// Takes an event of a running recording: what is to be told of it, and about once a second of the sync of
  /// all units.
  std::vector<take::Incident> take(std::size_t unit, const session::Event& event);

  /// How the units stand, once after each look at the sync.
  std::optional<Offsets> take_offsets();

  /// The newest pulse that a frame was recorded of: of any unit, and of one.
  std::optional<std::int64_t> newest() const;
  std::optional<std::int64_t> newest(std::size_t unit) const { return newest_[unit]; }

  /// As verify judges the files: the same judgement of the same frames.
  sync::Report report();

  /// Of its findings, those that could not be told before the end; no mere notes.
  std::vector<take::Incident> untold(const sync::Report& report);

 private:
  sync::Monitor& monitor();
  void watch(std::size_t unit, const session::Frames& frames);
  std::vector<take::Incident> poll();
  take::Incident incident(sync::Finding finding) const;
  take::Incident incident(std::size_t unit, sync::Severity severity, std::string text) const;

  Clock& clock_;
  const FrameRate rate_;
  std::vector<sync::UnitDescription> units_;
  std::optional<sync::Monitor> monitor_;
  std::vector<std::optional<std::int64_t>> newest_;
  std::optional<std::int64_t> polled_;  ///< newest pulse at the last poll
  HostTime next_poll_;                  ///< not before
  std::optional<Offsets> offsets_;      ///< not taken yet
};

}  // namespace genlock::rig
