#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "device/sim/bench_state.h"
#include "device/sim/chance.h"
#include "device/sim/image_source.h"
#include "device/sim/unit_counter.h"
#include "device/sim/unit_exposures.h"

namespace genlock::device::sim {

enum class FrameStream : std::uint8_t { color, depth };

/// One frame as it reaches the host.
struct Frame {
  FrameStream stream{};
  std::uint64_t pulse = 0;    ///< number of the sync pulse it belongs to
  TickDuration stamp{};       ///< centre of exposure on the unit's counter
  DeviceDuration exposure{};  ///< of this camera
  ColorLook look;             ///< the colour camera's settings; colour only
  ColorDamage damage = ColorDamage::none;
  HostTime centre;     ///< of the exposure
  HostTime delivery;   ///< strictly increasing per stream
  bool early = false;  ///< stamped with the count from before the reset at start
};

/// A time before which nothing can reach the host of a unit of whose session `pulses` have passed, if the
/// next comes at `pulse`.
HostTime earliest_delivery(const UnitConfig& unit, const CameraConfig& config, HostTime pulse,
                           std::uint64_t pulses);

/// Everything one unit exposes and delivers between start and stop: a pure function of the bench, of the
/// events and of the time asked for. Knows no threads, no clock and no pixels.
class UnitTimeline {
 public:
  /// `state` is the bench right after this unit's start event.
  UnitTimeline(const BenchConfig& bench, const BenchState& state, std::size_t unit);

  /// An event of the bench, in order, with the state after it. Frames up to it need not have been taken
  /// before.
  void on_event(const Event& event, const BenchState& after);

  /// Hands over the frames that reach the host by `now`, in order of delivery. All events before `now` must
  /// be known.
  void deliver(HostTime now, const std::function<void(const Frame&)>& take);

  /// When the next frame can reach the host if nothing happens on the bench; kForever if none can.
  HostTime next_delivery() const;

  /// A time before which no frame reaches the host, however late that is; kForever if nothing can unless
  /// something happens on the bench.
  HostTime nothing_before() const;

  /// Valid once running() has said so.
  const UnitCounter& counter() const { return counter_; }

  /// The unit has had its first pulse: its counter has been reset and the IMU speaks.
  bool running() const { return exposures_.last().has_value(); }

  /// Follows pulses at the moment.
  bool locked() const { return running() && exposures_.last()->locked; }

  std::optional<std::uint64_t> last_pulse() const;

 private:
  struct Stall {
    Streams streams;
    HostTime from;
    HostTime to;
  };
  struct Drop {
    HostTime from;
    FrameStream stream;
    int left;
  };

  void expose_before_reset(const UnitState& unit);
  void expose(const FrameExposure& frame);
  void begin(const Trigger& first);
  void follow_rate(const Trigger& trigger);
  void add_frame(const Trigger& trigger, Frame frame, TickDuration shift);
  HostTime delivery_time(const Frame& frame, std::uint64_t number, HostTime not_before);
  bool lost(FrameStream stream, const Trigger& trigger, HostTime centre);
  bool lost_at_start(FrameStream stream, const Trigger& trigger) const;
  bool stalled(FrameStream stream, HostTime centre) const;
  void lose_power(HostTime at);
  void set_stalled(const Streams& streams, HostTime at, bool on);
  std::uint64_t random(Chance chance, std::uint64_t counter) const;
  void forget(HostTime t);

  const BenchConfig& bench_;
  const UnitConfig& unit_;
  const std::size_t index_;
  const CameraConfig config_;
  const std::uint64_t first_delivered_;
  UnitExposures exposures_;
  UnitCounter counter_;
  std::vector<Stall> stalls_;
  std::vector<Drop> drops_;
  HostTime power_off_ = kForever;
  std::vector<Frame> pending_;  ///< exposed, not yet delivered
  HostTime last_delivery_[2]{};
};

}  // namespace genlock::device::sim
