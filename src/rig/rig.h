#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/camera.h"
#include "device/color_control.h"

// The units of a rig and how they are to record, as a rig file says it (docs/rig.md).

namespace genlock::rig {

enum class Wiring : std::uint8_t {
  chain,    ///< the master's SYNC OUT to the first subordinate's SYNC IN, and so on
  star,     ///< a splitter takes the master's SYNC OUT to every subordinate
  trigger,  ///< a generator instead of a master; every unit is a subordinate
};

/// Who sets depth delays and delays off master.
enum class Delays : std::uint8_t { automatic, fixed };

/// Where the sessions of units run.
enum class Isolation : std::uint8_t {
  process,  ///< each in a process of its own: a libk4a that crashes costs its own unit only
  none,     ///< all in this one
};

/// What a recorder does when a unit is lost or no longer in sync.
enum class OnFault : std::uint8_t {
  go_on,  ///< records on; a unit that comes back does so beside the take
  stop,   ///< ends the take
  rearm,  ///< ends the take, and begins another for the rest of its length once all units are there
};

/// The vendor's library sees no more on one host (facts device.md 2.5).
inline constexpr std::size_t kMostUnits = 100;

/// Lines of the rig file, by the keys that are written there.
using KeyLines = std::map<std::string, int, std::less<>>;

struct RigUnit {
  std::string name;
  std::string serial;
  std::string host;        ///< empty: this one
  std::string controller;  ///< of USB on its host; empty: not said
  /// What the unit sees and lights. Units that share no area do not disturb each other; one without any area
  /// shares with all.
  std::vector<std::string> areas;
  CameraConfig camera;
  bool imu = true;
  int line = 0;    ///< of the rig file, where its table begins
  KeyLines lines;  ///< of its own keys, and of those of [camera] that hold for it
};

/// A colour control and what it is set to by hand, in the control's own unit.
struct ControlSetting {
  device::ColorControl control{};
  std::int32_t value = 0;
  bool operator==(const ControlSetting&) const = default;
};

/// Colour settings, the same on every unit that has colour on. None is automatic, since units would then
/// differ.
struct RigControls {
  std::int32_t exposure_us = 8330;     ///< as asked for; a unit rounds it up to one it can do
  std::int32_t power_line_hz = 60;     ///< 50 or 60
  std::vector<ControlSetting> others;  ///< what is not named stays as the unit has it
  KeyLines lines;

  /// What the units make of exposure_us.
  DeviceDuration exposure() const;

  /// All that units are set to, in this order: the power line first, because exposures are rounded by it.
  std::vector<ControlSetting> settings() const;
};

/// How takes of a rig are made (docs/take.md).
struct TakeSettings {
  std::filesystem::path folder = ".";  ///< takes are folders in it
  std::string name;                    ///< what their numbered names begin with; empty: the rig's name
  OnFault on_fault = OnFault::go_on;
  Isolation isolation = Isolation::process;
  bool checksums = true;  ///< SHA-256 of each file, in take.json
  /// From the newest frame of any unit to the first that is recorded: the time that all units have to be
  /// told.
  std::chrono::milliseconds pre_roll{1000};
};

struct Rig {
  std::string name;
  std::filesystem::path file;
  std::vector<RigUnit> units;  ///< in the order of the cables; without a trigger the master is the first
  Wiring wiring = Wiring::chain;
  RigControls controls;
  Delays delays = Delays::automatic;
  /// Clear time between two lasers that is planned for; 160 µs from pulse to pulse (facts device.md 2.7).
  /// Delays are whole ticks, which takes up to one tick of it; the jitter of stamps, two ticks, has to fit
  /// into the rest.
  DeviceDuration guard = device_us(35);
  std::optional<std::chrono::seconds> length;
  TakeSettings take;

  FrameRate rate() const { return units.front().camera.rate; }
};

/// Whether units, rigs and takes can have this name, which their files and folders have too.
bool is_file_name(std::string_view name);

/// Number of cables between the master and a unit.
int cables_before(const Rig& rig, std::size_t unit);

/// The unit whose SYNC OUT this one's pulses come from; nothing of the first, and with a generator, whose
/// cables the rig file does not tell.
std::optional<std::size_t> fed_by(const Rig& rig, std::size_t unit);
/// The same by names, as take::JudgeOptions has it.
std::map<std::string, std::string> feeders(const Rig& rig);

/// Whether the light of one can reach what the other sees.
bool share_an_area(const RigUnit& a, const RigUnit& b);

/// Errc::invalid with file, line, key, what is allowed there and the nearest key that is known.
Result<Rig> parse_rig(std::string_view text, const std::string& name);
Result<Rig> load_rig(const std::filesystem::path& file);

/// Whether units can be asked for this: their modes, their roles, their delays. Names the unit and what to
/// do.
Status validate(const Rig& rig);

}  // namespace genlock::rig
