#pragma once

#include <memory>
#include <vector>

#include "base/capture.h"
#include "sync/observation.h"
#include "sync/report.h"

namespace genlock::sync {

/// Watches a take: takes what the units show, one observation at a time, live or from files, and judges it.
/// Each stream's frames must come in the order they were taken; units, streams, pairs and jacks may be
/// interleaved in any way, and the report does not depend on how. Memory grows by about 24 bytes a frame. One
/// thread at a time.
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

  /// Findings of a kind, unit and stream that earlier calls have not returned. What a take that has only
  /// begun may still lack (frames, common pulses, host times) is not among them. Costs as much as report():
  /// poll every few seconds.
  std::vector<Finding> poll_findings();

  /// The judgement of everything seen so far. About 0.1 s per million frames.
  Report report() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace genlock::sync
