#include "cli/bench_text.h"

#include <fmt/core.h>

namespace genlock::cli {

using device::sim::BenchStatus;
using device::sim::UnitStatus;
using Json = nlohmann::ordered_json;

static std::string streams_text(const device::sim::Streams& streams) {
  std::string text;
  if (streams.color) text += " color";
  if (streams.depth) text += " depth";
  if (streams.imu) text += " imu";
  return text;
}

std::string running_text(const UnitStatus& unit) {
  if (!unit.running) return unit.open_by != 0 ? "open" : "free";
  return fmt::format("{} {} fps", to_string(unit.running->sync_mode), fps(unit.running->rate));
}

std::string faults_text(const UnitStatus& unit) {
  std::string text;
  if (!unit.plugged) text += " unplugged";
  if (unit.open_refused) text += " open-refused";
  const std::string stalled = streams_text(unit.stalled);
  if (!stalled.empty()) text += " stalled:" + stalled;
  for (const std::string& fault : unit.faults) text += " " + fault;
  return text.empty() ? "none" : text.substr(1);
}

std::string plug_text(const std::optional<bool>& plugged) {
  return plugged.value_or(false) ? "plugged" : "-";
}

std::string_view end_name(const device::sim::CableEnd& end) {
  return end.unit.empty() ? std::string_view("trigger") : std::string_view(end.unit);
}
std::string_view jack_name(device::sim::Jack jack) {
  return jack == device::sim::Jack::in ? "in" : "out";
}

static Json unit_json(const UnitStatus& unit) {
  Json json{{"name", unit.name}, {"serial", unit.serial}, {"plugged", unit.plugged}};
  json["open_by_pid"] = unit.open_by != 0 ? Json(unit.open_by) : Json(nullptr);
  json["running"] =
      unit.running ? Json{{"sync_mode", to_string(unit.running->sync_mode)}, {"fps", fps(unit.running->rate)}}
                   : Json(nullptr);
  json["sync_in"] = unit.jacks.in.value_or(false);
  json["sync_out"] = unit.jacks.out.value_or(false);
  json["open_refused"] = unit.open_refused;
  json["stalled"] = {{"color", unit.stalled.color}, {"depth", unit.stalled.depth}, {"imu", unit.stalled.imu}};
  json["faults"] = unit.faults;
  json["locked"] = unit.locked;
  json["captures_dropped"] = unit.captures_dropped;
  json["pulses"] = unit.pulses;
  json["captures"] = unit.captures;
  return json;
}

Json bench_json(const device::sim::BenchConfig& config, const BenchStatus& status) {
  Json json{{"bench", config.name}, {"since_boot_ns", count_ns(status.since_boot)}};
  json["speed"] = config.speed;
  json["waits_for"] = status.waits_for ? Json(status.units[*status.waits_for].name) : Json(nullptr);
  json["units"] = Json::array();
  for (const UnitStatus& unit : status.units) json["units"].push_back(unit_json(unit));
  json["cables"] = Json::array();
  for (const auto& cable : config.cables)
    json["cables"].push_back({{"from", end_name(cable.from)},
                              {"from_jack", jack_name(cable.from.jack)},
                              {"to", cable.to.unit},
                              {"to_jack", jack_name(cable.to.jack)}});
  json["hosts"] = Json::array();
  for (const auto& host : config.hosts)
    json["hosts"].push_back(
        {{"name", host.name}, {"units", host.units}, {"usb_mb_per_s", host.usb_mb_per_s}});
  json["scheduled_faults"] = config.faults.size();
  return json;
}

}  // namespace genlock::cli
