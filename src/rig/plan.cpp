#include "rig/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sync/report.h"

namespace genlock::rig {
namespace {

using sync::LaserDuration;
using sync::LaserTrain;
using sync::to_us;

UnitTimeline timeline_of(const Rig& rig, std::size_t unit, const std::optional<LaserTrain>& train) {
  UnitTimeline timeline;
  const CameraConfig& camera = rig.units[unit].camera;
  if (train) {
    const double centre = to_us(train->start()) + to_us(train->length()) / 2;
    const double half = to_us(depth_exposure(camera.depth_mode)) / 2;
    timeline.depth_from = centre - half;
    timeline.depth_to = centre + half;
    for (int i = 0; train->shines() && i < train->pulses(); ++i)
      timeline.laser_pulses.push_back(to_us(train->start() + train->spacing() * i));
  }
  if (camera.color_on()) {
    const double centre =
        to_us(sync::exposure_centre(camera, rig.controls.exposure(), cables_before(rig, unit)));
    const double half = to_us(rig.controls.exposure()) / 2;
    timeline.color_from = centre - half;
    timeline.color_to = centre + half;
  }
  return timeline;
}

/// Subordinates wait for pulses, so the master comes last (facts device.md 2.8).
std::vector<std::size_t> start_order(const Rig& rig) {
  std::vector<std::size_t> order;
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit) order.push_back(unit);
  std::stable_partition(order.begin(), order.end(), [&](std::size_t unit) {
    return rig.units[unit].camera.sync_mode == WiredSyncMode::subordinate;
  });
  return order;
}

std::vector<UsbLoad> usb_loads(const Rig& rig) {
  std::vector<UsbLoad> loads;
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit) {
    const RigUnit& on = rig.units[unit];
    auto load = std::ranges::find_if(loads, [&](const UsbLoad& other) {
      return other.host == on.host && other.controller == on.controller;
    });
    if (load == loads.end()) load = loads.insert(loads.end(), {.host = on.host, .controller = on.controller});
    load->units.push_back(unit);
    load->mb_per_s += device::usb_rate(on.camera).total();
  }
  return loads;
}

std::vector<DiskLoad> disk_loads(const Rig& rig) {
  std::vector<DiskLoad> loads;
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit) {
    auto load = std::ranges::find(loads, rig.units[unit].host, &DiskLoad::host);
    if (load == loads.end()) load = loads.insert(loads.end(), {.host = rig.units[unit].host});
    load->units.push_back(unit);
    load->mb_per_s += device::file_rate(rig.units[unit].camera).total();
  }
  return loads;
}

std::string lasers_text(const Rig& rig, const LaserPair& pair, bool overlap) {
  const RigUnit& a = rig.units[pair.a];
  const RigUnit& b = rig.units[pair.b];
  const double gap = to_us(pair.gap);
  const std::string told =
      overlap ? fmt::format("shine together for {:.1f} us of a pulse", -gap)
              : fmt::format("are {:.1f} us apart, less than the guard of {} us", gap, count_us(rig.guard));
  return fmt::format(
      "the lasers of {} and {} {}; change depth_delay_us of one, write delays = \"auto\", or give them "
      "different areas if they do not see each other",
      a.name, b.name, told);
}

void judge_lasers(Plan& plan) {
  // Whole ticks take up to one of them off the guard.
  const LaserDuration least = LaserDuration(plan.rig.guard) - LaserDuration(device_ticks(1));
  for (const LaserPair& pair : plan.pairs) {
    if (pair.gap >= least) break;
    const bool overlap = pair.gap < LaserDuration{};
    plan.findings.push_back(
        {overlap ? Severity::error : Severity::warning, "lasers", lasers_text(plan.rig, pair, overlap)});
  }
}

std::string host_name(const std::string& host) {
  return host.empty() ? "this host" : "host " + host;
}

// Facts device.md 7.
void judge_usb(Plan& plan) {
  constexpr double kController = 400;  // MB/s
  for (const UsbLoad& load : plan.usb) {
    if (load.units.size() < 2) continue;
    const bool named = !load.controller.empty();
    const std::string where =
        named ? fmt::format("USB controller {} of {}", load.controller, host_name(load.host))
              : host_name(load.host);
    if (load.mb_per_s > kController)
      plan.findings.push_back(
          {named ? Severity::error : Severity::warning, "usb",
           fmt::format("{}: {} units need {:.0f} MB/s, and one controller carries about {:.0f}; {}", where,
                       load.units.size(), load.mb_per_s, kController,
                       named ? "move units to another controller, or use fewer or slower modes"
                             : "spread them over several and name each unit's with controller")});
    else if (named)
      plan.findings.push_back({Severity::warning, "usb",
                               fmt::format("{}: {} units share it; one controller for each unit is safer",
                                           where, load.units.size())});
  }
}

// Facts device.md 2.5: up to eight subordinates in a chain, two in a star.
void judge_wiring(Plan& plan) {
  const std::size_t units = plan.rig.units.size();
  const std::size_t most = plan.rig.wiring == Wiring::star ? 3 : 9;
  if (units > most)
    plan.findings.push_back({Severity::warning, "wiring",
                             fmt::format("{} units in a {}: the maker documents up to {}", units,
                                         plan.rig.wiring == Wiring::star ? "star" : "chain", most)});
  if (units == 1 && plan.rig.wiring != Wiring::trigger)
    plan.findings.push_back({Severity::note, "wiring", "one unit: there is nothing to be in sync with"});
}

// Facts device.md 2.1: the colour camera sets a unit's clock to zero.
void judge_zeros(Plan& plan) {
  const auto colorless = [](const RigUnit& unit) { return !unit.camera.color_on(); };
  if (std::ranges::all_of(plan.rig.units, colorless)) return;
  for (const RigUnit& unit : plan.rig.units)
    if (colorless(unit))
      plan.findings.push_back(
          {Severity::warning, "own_zero",
           fmt::format("{} records no colour, so its clock is not set to zero by the first pulse: verify can "
                       "tell that it keeps to the pulses, but not how far it is off, and which frames share "
                       "a pulse only by the hosts' clocks; give it a colour mode if "
                       "that must be proved",
                       unit.name)});
}

/// How long after the pulse a unit's colour is taken, in µs, less the delay that it was given.
double color_place(const Plan& plan, std::size_t unit) {
  const UnitTimeline& timeline = plan.timelines[unit];
  return (timeline.color_from + timeline.color_to) / 2 - to_us(plan.rig.units[unit].camera.delay_off_master);
}

// A unit's pictures lie half of its longest exposure behind the pulse (facts device.md 2.6).
void judge_color_places(Plan& plan) {
  const std::vector<RigUnit>& units = plan.rig.units;
  const auto color_on = [](const RigUnit& unit) { return unit.camera.color_on(); };
  const auto found = std::find_if(units.begin(), units.end(), color_on);
  if (found == units.end()) return;
  const auto first = static_cast<std::size_t>(found - units.begin());
  for (std::size_t unit = first + 1; unit < units.size(); ++unit) {
    if (!color_on(units[unit])) continue;
    const double apart = color_place(plan, unit) - color_place(plan, first);
    if (std::abs(apart) <= sync::tolerance(plan.rig.rate()).count()) continue;
    plan.findings.push_back(
        {Severity::warning, "color_apart",
         fmt::format("colour images of {} are taken {:.1f} ms {} those of {}: its depth mode ({}) exposes "
                     "{}; give both the same depth mode, or accept it",
                     units[unit].name, std::abs(apart) / 1000, apart > 0 ? "after" : "before",
                     units[first].name, to_string(units[unit].camera.depth_mode),
                     apart > 0 ? "longer" : "for a shorter time")});
  }
}

}  // namespace

std::string_view to_string(Severity severity) {
  constexpr std::string_view kNames[] = {"note", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

bool Plan::feasible() const {
  return std::ranges::none_of(findings,
                              [](const PlanFinding& finding) { return finding.severity == Severity::error; });
}

Result<Plan> make_plan(Rig rig) {
  if (rig.delays == Delays::automatic) {
    GENLOCK_TRY(spread_lasers(rig));
    GENLOCK_TRY(validate(rig));
  }
  Plan plan{.rig = std::move(rig)};
  const auto trains = laser_trains(plan.rig);
  for (std::size_t unit = 0; unit < trains.size(); ++unit)
    plan.timelines.push_back(timeline_of(plan.rig, unit, trains[unit]));
  plan.pairs = laser_pairs(plan.rig);
  plan.start_order = start_order(plan.rig);
  plan.usb = usb_loads(plan.rig);
  plan.disks = disk_loads(plan.rig);
  judge_lasers(plan);
  judge_usb(plan);
  judge_wiring(plan);
  judge_zeros(plan);
  judge_color_places(plan);
  std::ranges::stable_sort(plan.findings, std::greater(), &PlanFinding::severity);
  return plan;
}

}  // namespace genlock::rig
