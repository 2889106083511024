#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "base/capture.h"

namespace genlock::device {

enum class PairingMode { pair, pass_through };

/// Joins colour and depth images of one unit into captures, by the rules of facts k4a-abi.md C3. One lives
/// from one start of the cameras to their stop; images still waiting for a partner go with it. One thread at
/// a time.
///
/// With one camera, or in pass_through mode, everything comes out as it went in.
class Pairing {
 public:
  /// Frames that wait on one side: the held one and a queue of 15.
  static constexpr std::size_t kMaxWaiting = 16;

  explicit Pairing(const CameraConfig& config, PairingMode mode = PairingMode::pair);

  /// Told of each image that is let go without a partner: its stamp, which side's, and whether because that
  /// side was full, not because its partner is known not to come.
  struct Unpaired {
    DeviceTime time;
    bool color = false;
    bool full = false;
  };
  void on_unpaired(std::function<void(const Unpaired&)> told) { told_ = std::move(told); }

  /// Tells it that the unit's clock has been reset: no depth frame from now on is of the time before.
  void clock_was_reset() { clock_was_reset_ = true; }

  /// Takes a capture that has a colour image only; returns the captures that this finishes, in order.
  std::vector<Capture> push_color(Capture capture);

  /// Takes a capture that has an IR image, a depth image or both. With both cameras on, depth frames from
  /// before the clock's reset at start (11 or more periods) are thrown away until the first from after it.
  std::vector<Capture> push_depth(Capture capture);

 private:
  using Side = std::deque<Capture>;
  enum class Verdict { match, drop_color, drop_depth };

  Verdict judge() const;
  bool is_stale(const Capture& depth);
  void make_room(Side& side, std::vector<Capture>& out) const;
  void let_go(Side& side, std::vector<Capture>& out, bool full) const;
  void pair_all(std::vector<Capture>& out);

  const bool pairs_;
  const bool synchronized_only_;
  const DeviceDuration period_;
  const DeviceDuration delay_;
  bool clock_was_reset_ = false;
  std::function<void(const Unpaired&)> told_;
  Side color_, depth_;  ///< oldest first; after every push at least one is empty
};

}  // namespace genlock::device
