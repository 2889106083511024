#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "device/pairing.h"
#include "device/sim/bench.h"
#include "device/sim/unit_log.h"
#include "device/sim/unit_timeline.h"

namespace genlock::device::sim {

/// A capture whose pixels are not yet made.
struct PlannedCapture {
  std::optional<Frame> color;
  std::optional<Frame> depth;
};

/// What the host's library makes of a unit's frames: paired, then at most seven captures that wait to be
/// taken.
class CaptureQueue {
 public:
  static constexpr std::size_t kCapacity = 7;

  /// `log` outlives this.
  CaptureQueue(const CameraConfig& config, const UnitLog& log, const LibraryOptions& library = {});

  void push(const Frame& frame);

  std::optional<PlannedCapture> pop();

  /// When the capture that pop() would give had come; nothing if there is none.
  std::optional<HostTime> oldest() const;

  std::uint64_t dropped() const { return dropped_; }

 private:
  using Frames = std::map<DeviceTime, Frame>;
  static std::optional<Frame> take(Frames& frames, const std::optional<Image>& image);
  void add(const Capture& capture);
  void say_unpaired(const Pairing::Unpaired& frame);
  void say_stamps(std::string_view what, const Capture& capture) const;

  Pairing pairing_;
  Frames color_, depth_;  ///< those inside the pairing
  std::deque<PlannedCapture> captures_;
  std::uint64_t dropped_ = 0;
  const LibraryOptions library_;
  const UnitLog& log_;
  HostTime now_{};  ///< when the last frame came
  LogPace full_said_, unmatched_said_, overflow_said_;
};

}  // namespace genlock::device::sim
