#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/camera.h"
#include "base/time.h"
#include "device/color_control.h"
#include "device/sim/bench_config.h"
#include "device/sim/granted_transfers.h"

// The state of a bench and the events that change it. Both are plain bytes: they live in memory that
// processes share.

namespace genlock::device::sim {

inline constexpr HostTime kForever = HostTime::max();

/// Pulses at start, start + period, ... of a clock, until `end` (excluded).
struct PulseTrain {
  std::uint64_t id = 0;  ///< 0: no train; else unique on the bench
  HostTime start{};
  HostTime end{};
  TickDuration period{};
  std::int64_t ppb = 0;
  bool generator = false;  ///< an external one makes it
  bool operator==(const PulseTrain&) const = default;
};

/// Pulses that come to a unit from one train, from one time to another.
struct PulseSpan {
  PulseTrain train;  ///< id 0: there were none
  int hops = 0;      ///< units that repeat them on their way
  HostTime from{};
  HostTime to = kForever;
};

/// A fault that lasts, as it is at the moment.
struct FaultState {
  bool on = false;
  Streams streams;
  std::int32_t knob = 0;
};

struct UnitState {
  bool plugged = true;  ///< has power and USB
  HostTime powered{};   ///< since when, or since when last
  bool running = false;
  bool open_refused = false;
  std::array<bool, 2> jack_pulled{};  ///< by Jack
  Streams stalled;
  std::array<FaultState, kFaultKinds> faults;  ///< by kind; stall, cable, unplug and refuse_open are above
  std::uint32_t power_cycles = 0;
  std::uint32_t sessions = 0;                               ///< starts so far
  HostTime start{};                                         ///< of the last session
  HostTime stop{};                                          ///< of the last session that ended
  CameraConfig config;                                      ///< of the last session
  PulseSpan pulses;                                         ///< while running as a subordinate: the last
  HostTime first_pulse = kForever;                          ///< before those of `pulses`, in this session
  UsbTransfers transfers;                                   ///< of the last session, at its start
  PulseTrain train;                                         ///< the last one it made as a master
  std::array<ControlValue, kColorControlCount> controls{};  ///< as requested; exposure not yet rounded

  const FaultState& fault(FaultKind kind) const { return faults[static_cast<std::size_t>(kind)]; }
};

/// How far a scheduled fault has come.
struct FaultProgress {
  std::uint32_t session = 0;  ///< of the unit, to which `phase` belongs; 0 if the fault counts from the boot
  std::uint8_t phase = 0;     ///< 0 to come, 1 begun, 2 over
  std::uint8_t unit = 0;      ///< whom it hits; does not change
};

struct BenchState {
  std::array<UnitState, kMaxUnits> units;
  std::array<FaultProgress, kMaxFaults> faults;
  PulseTrain trigger;
  std::uint64_t trains = 0;  ///< made so far
  HostTime boot{};
};

/// `fault` is every kind of fault that has no event of its own.
enum class EventKind : std::uint8_t {
  start,
  stop,
  control,
  jack,
  stall,
  drop,
  power,
  refuse_open,
  trigger,
  fault
};

/// One change, at a time at or after that of the event before. `on` means: plugged, powered, stalled,
/// refused, running, failing.
struct Event {
  HostTime time{};
  EventKind kind{};
  std::uint8_t unit = 0;
  bool on = false;
  Jack jack{};
  Streams streams;
  std::int32_t count = 0;
  ColorControl control{};
  ControlValue value;
  CameraConfig config;
  std::uint16_t fault = kNoFault;  ///< the scheduled fault that this is
  FaultKind failure{};             ///< of EventKind::fault
  std::int32_t knob = 0;           ///< of it

  static constexpr std::uint16_t kNoFault = 0xffff;

  bool is(FaultKind what) const { return kind == EventKind::fault && failure == what; }
};

/// Whether the unit's streams end with this event for good: power cut, or USB lost as if it had been.
bool cuts_off(const Event& event);

/// Whether the depth camera is gone with this event, laser and all: cut off, or browned out.
bool takes_depth_away(const Event& event);

/// Whether the IMU's transfers end with this event of its unit.
bool ends_imu(const Event& event);

/// A bench that has just been switched on.
BenchState initial_state(const BenchConfig& config, HostTime boot);

class Wiring;

/// What `event` makes of the bench. `wiring` is that of `config`.
void apply(BenchState& state, const Event& event, const BenchConfig& config, const Wiring& wiring);

/// The value a control reads back as: what was set or, in automatic, what the camera chooses.
ControlValue control_value(const UnitState& unit, ColorControl control, const UnitConfig& config);

/// The exposure of the colour camera in effect at a frame rate: the setting, or the longest step within a
/// period.
DeviceDuration exposure_in_effect(const UnitState& unit, const UnitConfig& config, FrameRate rate);

}  // namespace genlock::device::sim
