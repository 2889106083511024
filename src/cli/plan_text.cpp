#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/plan_rig.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using rig::Plan;
using rig::RigUnit;

std::string head(const Plan& plan) {
  const rig::Rig& rig = plan.rig;
  return fmt::format("{}: {}, {} fps, exposure {} us at {} Hz, delays {}\n\n", rig.name,
                     counted(rig.units.size(), "unit"), fps(rig.rate()), count_us(rig.controls.exposure()),
                     rig.controls.power_line_hz,
                     rig.delays == rig::Delays::automatic ? "planned" : "as the file says");
}

/// The pair in which a unit comes closest to another one; pairs are in that order.
const rig::LaserPair* closest(const Plan& plan, std::size_t unit) {
  const auto pair =
      std::ranges::find_if(plan.pairs, [&](const auto& p) { return p.a == unit || p.b == unit; });
  return pair == plan.pairs.end() ? nullptr : &*pair;
}

std::string closest_text(const Plan& plan, std::size_t unit) {
  const rig::LaserPair* const pair = closest(plan, unit);
  if (pair == nullptr) return "-";
  const std::string& other = plan.rig.units[pair->a == unit ? pair->b : pair->a].name;
  const double gap = sync::to_us(pair->gap);
  return gap < 0 ? fmt::format("TOGETHER with {}", other) : fmt::format("{:.1f} us to {}", gap, other);
}

std::string span_text(double from, double to) {
  return from < to ? fmt::format("{:.0f} .. {:.0f}", from, to) : "-";
}

std::string lasers_span(const rig::UnitTimeline& timeline) {
  if (timeline.laser_pulses.empty()) return "-";
  const double pulse = static_cast<double>(count_us(kLaserPulse));
  return span_text(timeline.laser_pulses.front(), timeline.laser_pulses.back() + pulse);
}

std::string table(const Plan& plan) {
  std::vector<std::vector<std::string>> rows = {{"unit", "serial", "role", "depth delay", "off master",
                                                 "colour, us", "depth, us", "laser, us", "closest laser"}};
  for (std::size_t i = 0; i < plan.rig.units.size(); ++i) {
    const RigUnit& unit = plan.rig.units[i];
    const rig::UnitTimeline& timeline = plan.timelines[i];
    rows.push_back({unit.name, unit.serial, std::string(to_string(unit.camera.sync_mode)),
                    fmt::format("{:+} us", count_us(unit.camera.depth_delay_off_color)),
                    fmt::format("{} us", count_us(unit.camera.delay_off_master)),
                    span_text(timeline.color_from, timeline.color_to),
                    span_text(timeline.depth_from, timeline.depth_to), lasers_span(timeline),
                    closest_text(plan, i)});
  }
  return columns(rows) + "Times are after the pulse of the rig.\n\n";
}

std::string start_text(const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t unit : plan.start_order) names.push_back(plan.rig.units[unit].name);
  if (plan.rig.wiring == rig::Wiring::trigger)
    return fmt::format("start   {}, then the generator\n", fmt::join(names, ", "));
  return fmt::format("start   {}: the master last, within 60 s\n", fmt::join(names, ", "));
}

std::string place(const std::string& host, const std::string& controller) {
  const std::string named = host.empty() ? "this host" : host;
  return controller.empty() ? named : named + " " + controller;
}

std::string loads_text(const Plan& plan) {
  std::string text;
  for (const rig::UsbLoad& load : plan.usb)
    text += fmt::format("USB     {}: {:.0f} MB/s of {}\n", place(load.host, load.controller), load.mb_per_s,
                        counted(load.units.size(), "unit"));
  for (const rig::DiskLoad& load : plan.disks) {
    const double minute = load.mb_per_s * 60;
    text += fmt::format("disk    {}: {:.0f} MB/s, {:.1f} GB a minute", place(load.host, ""), load.mb_per_s,
                        minute / 1e3);
    if (plan.rig.length)
      text += fmt::format(", {} for {}",
                          readable_bytes(static_cast<std::uint64_t>(load.mb_per_s * 1e6) *
                                         static_cast<std::uint64_t>(plan.rig.length->count())),
                          readable_seconds(static_cast<double>(plan.rig.length->count())));
    text += "\n";
  }
  return text;
}

std::string verdict(const Plan& plan) {
  if (!plan.feasible()) return "PLAN DOES NOT HOLD\n";
  if (plan.pairs.empty()) return "PLAN HOLDS: no two units whose lasers could meet\n";
  return fmt::format("PLAN HOLDS: no two lasers shine together, the closest are {:.1f} us apart\n",
                     sync::to_us(plan.pairs.front().gap));
}

}  // namespace

std::string plan_text(const Plan& plan) {
  std::string text = head(plan) + table(plan) + start_text(plan) + loads_text(plan) + "\n";
  for (const rig::PlanFinding& finding : plan.findings)
    text += fmt::format("{}: {}\n", to_string(finding.severity), finding.text);
  return text + verdict(plan);
}

}  // namespace genlock::cli
