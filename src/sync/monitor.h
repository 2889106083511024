#pragma once

#include <memory>
#include <vector>

#include "base/capture.h"
#include "sync/frame_pulses.h"
#include "sync/observation.h"
#include "sync/report.h"

namespace genlock::sync {

/// Watches a take: takes what the units show, one observation at a time, live or from files, and judges it.
/// Each stream's frames must come in the order they were taken; units, streams, pairs and jacks may be
/// interleaved in any way, and the report does not depend on how. One thread at a time.
///
/// All frames are kept, at 24 bytes each, until the Monitor goes: at 30 fps with colour and depth, 5.2 MB an
/// hour and unit, up to twice that while the arrays grow; four units over eight hours make 170 to 330 MB.
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

  /// Findings of a kind, severity, unit and stream that earlier calls have not returned. What a take that has
  /// only begun may still lack (frames, common pulses, host times) is not among them. Each call judges the
  /// whole take anew and costs as much as report(), so the cost of polling grows with the square of the take:
  /// poll every few seconds at first, and so seldom later that a call is a small part of the time between.
  std::vector<Finding> poll_findings();

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
