#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/plan_rig.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;

double tenths(double us) {
  return std::round(us * 10) / 10;
}

Json span_json(double from, double to) {
  return from < to ? Json{tenths(from), tenths(to)} : Json(nullptr);
}

Json unit_json(const rig::RigUnit& unit, const rig::UnitTimeline& timeline) {
  Json pulses = Json::array();
  for (const double pulse : timeline.laser_pulses) pulses.push_back(tenths(pulse));
  return {{"name", unit.name},
          {"serial", unit.serial},
          {"host", unit.host},
          {"controller", unit.controller},
          {"role", to_string(unit.camera.sync_mode)},
          {"color_resolution", to_string(unit.camera.color_resolution)},
          {"depth_mode", to_string(unit.camera.depth_mode)},
          {"imu", unit.imu},
          {"depth_delay_us", count_us(unit.camera.depth_delay_off_color)},
          {"delay_off_master_us", count_us(unit.camera.delay_off_master)},
          {"color_us", span_json(timeline.color_from, timeline.color_to)},
          {"depth_us", span_json(timeline.depth_from, timeline.depth_to)},
          {"laser_pulses_us", std::move(pulses)}};
}

Json names_json(const rig::Plan& plan, const std::vector<std::size_t>& units) {
  Json names = Json::array();
  for (const std::size_t unit : units) names.push_back(plan.rig.units[unit].name);
  return names;
}

Json findings_json(const rig::Plan& plan) {
  Json findings = Json::array();
  for (const rig::PlanFinding& finding : plan.findings)
    findings.push_back(
        {{"severity", to_string(finding.severity)}, {"about", finding.about}, {"text", finding.text}});
  return findings;
}

}  // namespace

std::string plan_json(const rig::Plan& plan) {
  Json units = Json::array(), pairs = Json::array(), usb = Json::array(), disks = Json::array();
  for (std::size_t i = 0; i < plan.rig.units.size(); ++i)
    units.push_back(unit_json(plan.rig.units[i], plan.timelines[i]));
  for (const rig::LaserPair& pair : plan.pairs)
    pairs.push_back(
        {{"units", names_json(plan, {pair.a, pair.b})}, {"gap_us", tenths(sync::to_us(pair.gap))}});
  for (const rig::UsbLoad& load : plan.usb)
    usb.push_back({{"host", load.host},
                   {"controller", load.controller},
                   {"units", names_json(plan, load.units)},
                   {"mb_per_s", tenths(load.mb_per_s)}});
  for (const rig::DiskLoad& load : plan.disks)
    disks.push_back(
        {{"host", load.host}, {"units", names_json(plan, load.units)}, {"mb_per_s", tenths(load.mb_per_s)}});
  const Json json = {{"rig", plan.rig.name},
                     {"holds", plan.feasible()},
                     {"fps", fps(plan.rig.rate())},
                     {"exposure_us", count_us(plan.rig.controls.exposure())},
                     {"guard_us", count_us(plan.rig.guard)},
                     {"units", std::move(units)},
                     {"lasers", std::move(pairs)},
                     {"start_order", names_json(plan, plan.start_order)},
                     {"usb", std::move(usb)},
                     {"disks", std::move(disks)},
                     {"findings", findings_json(plan)}};
  return json.dump(2) + "\n";
}

}  // namespace genlock::cli
