#include "cli/list_units.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string jack(const std::optional<bool>& plugged) {
  return !plugged ? "?" : *plugged ? "plugged" : "-";
}

Json jack_json(const std::optional<bool>& plugged) {
  return plugged ? Json(*plugged) : Json(nullptr);
}

struct ListedUnit {
  device::UnitListing listing;
  std::optional<device::DeviceIdentity> identity;
  SyncJacks jacks;
  std::string problem;
};

ListedUnit look_at(device::Provider& provider, const device::UnitListing& listing) {
  ListedUnit unit{.listing = listing, .identity = {}, .jacks = {}, .problem = {}};
  auto opened = provider.open(listing.index);
  if (!opened) {
    unit.problem = opened.error().message();
    return unit;
  }
  unit.identity = (*opened)->identity();
  unit.jacks = (*opened)->sync_jacks().value_or(SyncJacks{});
  return unit;
}

Json as_json(const ListedUnit& unit) {
  Json json{{"index", unit.listing.index},
            {"serial", unit.identity ? unit.identity->serial : unit.listing.serial}};
  if (!unit.listing.name.empty()) json["name"] = unit.listing.name;
  if (!unit.problem.empty()) json["problem"] = unit.problem;
  if (!unit.identity) return json;
  const HardwareVersion& version = unit.identity->version;
  json["firmware"] = {{"color", version_text(version.color)},
                      {"depth", version_text(version.depth)},
                      {"audio", version_text(version.audio)},
                      {"depth_sensor", version_text(version.depth_sensor)}};
  json["sync_in"] = jack_json(unit.jacks.in);
  json["sync_out"] = jack_json(unit.jacks.out);
  json["simulated"] = unit.identity->simulated;
  json["backend"] = unit.identity->backend;
  return json;
}

std::vector<std::string> as_row(const ListedUnit& unit) {
  const std::string serial = unit.identity ? unit.identity->serial : unit.listing.serial;
  std::vector<std::string> row{fmt::format("{}", unit.listing.index), serial, unit.listing.name};
  if (!unit.identity) {
    row.push_back(unit.problem);
    return row;
  }
  row.insert(row.end(),
             {version_text(unit.identity->version.color), version_text(unit.identity->version.depth),
              jack(unit.jacks.in), jack(unit.jacks.out), unit.identity->simulated ? "simulated" : ""});
  return row;
}

}  // namespace

int list_units(device::Provider& provider, bool json) {
  const auto listings = provider.list();
  if (!listings) return fail("error", listings.error().message());
  std::vector<std::vector<std::string>> rows{
      {"index", "serial", "name", "color", "depth", "sync in", "sync out", ""}};
  Json all = Json::array();
  for (const device::UnitListing& listing : *listings) {
    const ListedUnit unit = look_at(provider, listing);
    json ? all.push_back(as_json(unit)) : rows.push_back(as_row(unit));
  }
  if (json)
    fmt::print("{}\n", all.dump(2));
  else if (listings->empty())
    fmt::print("No units found in {}\n", provider.description());
  else
    fmt::print("{}\n{}", provider.description(), columns(rows));
  return kDone;
}

}  // namespace genlock::cli
