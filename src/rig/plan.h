#pragma once

#include <string>
#include <vector>

#include "device/data_rates.h"
#include "rig/laser_plan.h"
#include "rig/rig.h"

// What a rig will do, worked out before anything is started.

namespace genlock::rig {

enum class Severity : std::uint8_t { note, warning, error };
std::string_view to_string(Severity severity);  ///< the name above

/// Something about a plan, with what to do.
struct PlanFinding {
  Severity severity = Severity::note;
  std::string_view about;  ///< "lasers", "usb", "wiring", "own_zero", "color_apart"
  std::string text;
};

/// When a unit exposes after a pulse of the rig, in µs.
struct UnitTimeline {
  double color_from = 0, color_to = 0;  ///< equal without colour
  double depth_from = 0, depth_to = 0;  ///< equal without depth
  std::vector<double> laser_pulses;     ///< where each begins
};

/// What one USB controller carries; all of a host's where no unit of it says which.
struct UsbLoad {
  std::string host;
  std::string controller;
  std::vector<std::size_t> units;
  double mb_per_s = 0;
};

/// What the disk of one host takes, in usual scenes.
struct DiskLoad {
  std::string host;
  std::vector<std::size_t> units;
  double mb_per_s = 0;
};

struct Plan {
  Rig rig;                              ///< with its delays
  std::vector<UnitTimeline> timelines;  ///< of each unit
  std::vector<LaserPair> pairs;         ///< closest first
  std::vector<std::size_t> start_order;
  std::vector<UsbLoad> usb;
  std::vector<DiskLoad> disks;
  std::vector<PlanFinding> findings;  ///< errors first

  bool feasible() const;  ///< without errors
};

/// Sets the delays of a rig that leaves them to us, or checks those that it names, with the same arithmetic.
/// Errc::invalid where no delays can keep its lasers apart.
Result<Plan> make_plan(Rig rig);

}  // namespace genlock::rig
