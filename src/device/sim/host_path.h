#pragma once

#include "device/sim/depth_engine.h"
#include "device/sim/imu_timeline.h"
#include "device/sim/usb_path.h"

namespace genlock::device::sim {

/// What the host makes of a running unit's frames before they are paired: USB, then the depth engine; with
/// all faults of the bench. A pure function of its events, like UnitTimeline, but for what it logs.
class HostPath {
 public:
  /// `state` is the bench right after the unit's start event; `log` outlives this.
  HostPath(const BenchConfig& bench, const BenchState& state, std::size_t unit, const UnitLog& log);

  void on_event(const Event& event, const BenchState& after);

  /// Whether the frame comes to the pairing. In order of delivery.
  bool pass(Frame& frame);

  /// Says what is due of silent endpoints by `now`.
  void look(HostTime now) { usb_.look(now); }

  /// Why no capture can be had any more, if so.
  Status captures() const;

  bool engine_dead() const { return engine_.dead().has_value(); }

 private:
  const std::size_t unit_;
  const UnitLog& log_;
  UsbPath usb_;
  DepthEngine engine_;
  FaultHits hits_;
  bool no_memory_ = false;
};

/// The same for the samples of an IMU.
class ImuPath {
 public:
  /// `granted` transfers of the IMU fit into the host's memory; `log` outlives this.
  ImuPath(std::size_t unit, HostTime start, int granted, const UnitLog& log);

  void on_event(const Event& event);
  void look(HostTime now, const ImuTimeline& imu);

 private:
  const std::size_t unit_;
  const UnitLog& log_;
  EndpointWatch watch_;
};

}  // namespace genlock::device::sim
