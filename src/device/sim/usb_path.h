#pragma once

#include "device/sim/endpoint_watch.h"
#include "device/sim/fault_hits.h"
#include "device/sim/unit_timeline.h"
#include "device/sim/usb_budget.h"

namespace genlock::device::sim {

/// The way of a running unit's frames through USB, with what goes wrong there (facts device.md 3).
class UsbPath {
 public:
  UsbPath(const BenchConfig& bench, const BenchState& state, std::size_t unit, const UnitLog& log);

  void on_event(const Event& event, const BenchState& after);

  /// Whether the frame reaches the host; a colour frame may be damaged on the way.
  bool pass(Frame& frame);

  /// Says what is due of silent endpoints by `now`.
  void look(HostTime now);

 private:
  bool pass_color(Frame& frame);
  bool pass_depth(const Frame& frame);
  bool damage(Frame& frame);
  void say_granted() const;
  void lose_transfers(HostTime at, int count, std::int32_t status);
  void wrong_size(std::size_t received) const;
  double chance(Chance what, const Frame& frame) const;

  const BenchConfig& bench_;
  const std::size_t unit_;
  const UnitLog& log_;
  const CameraConfig config_;
  const std::vector<std::size_t> neighbours_;
  const UsbTransfers granted_;
  int depth_slots_;
  HostTime depth_ends_ = kForever;
  HostTime color_ends_ = kForever;
  FaultHits hits_;
  Course<BusShare> share_;
  EndpointWatch depth_watch_;
};

}  // namespace genlock::device::sim
