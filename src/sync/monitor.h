#pragma once

#include <memory>
#include <vector>

#include "base/capture.h"
#include "sync/frame_pulses.h"
#include "sync/live_offset.h"
#include "sync/observation.h"
#include "sync/report.h"

namespace genlock::sync {

/// Watches a take: takes what the units show, one observation at a time, live or from files, and judges it.
/// Each stream's frames must come in the order they were taken; units, streams, pairs and jacks may be
/// interleaved in any way, and the report does not depend on how. One thread at a time.
///
/// All frames are kept, at 24 bytes each, until the Monitor goes: at 30 fps with colour and depth, 5.2 MB an
/// hour and unit, up to twice that while the arrays grow; four units over eight hours make 170 to 330 MB.
/// Polls add 0.1 MB an hour and unit, and half a megabyte a unit.
class Monitor {
 public:
  explicit Monitor(std::vector<UnitDescription> units);
  ~Monitor();
  Monitor(Monitor&&) noexcept;
  Monitor& operator=(Monitor&&) noexcept;

  /// Unit indices outside the list are ignored.
  void add(const Observation& frame);
  void add(std::size_t unit, const HostPair& pair);
  void add(std::size_t unit, const JackObservation& jacks);

  /// The unit's recording is over: that no more frames come from it is not told as silence.
  void ended(std::size_t unit);

  /// What has become certain since the last call, the worst first: failures stand, the report has them too.
  /// A thing that comes up anew after 10 s without it is told anew, with its own pulse. What only the whole
  /// of a take can tell is left to untold(). Looks at what has been added since the last call, a few times
  /// at each frame, however long the take is: below 1 ms for a second of nine units.
  std::vector<Finding> poll_findings();

  /// The findings of a report, of the take once it is over, of a kind, severity, unit and stream that no poll
  /// has told.
  std::vector<Finding> untold(const Report& report) const;

  /// How each unit stands, as of the last poll.
  std::vector<LiveOffset> live_offsets() const;

  /// How often polls have looked at a frame, for tests of what they cost.
  std::uint64_t frames_looked_at() const;

  /// The judgement of everything seen so far. Takes about 0.4 s per million frames and as much memory again
  /// while it runs: for four units with both streams at 30 fps, 0.4 s and 25 MB per hour of take.
  Report report() const;

  /// The same with the pulse of every frame, at 16 bytes each.
  NumberedReport numbered_report() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace genlock::sync
