#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sync/findings.h"

namespace genlock::sync {
namespace {

std::size_t count_mode(const std::vector<UnitData>& units, WiredSyncMode mode) {
  return static_cast<std::size_t>(
      std::ranges::count_if(units, [&](const UnitData& u) { return u.description.sync_mode == mode; }));
}

std::string names_of(const std::vector<UnitData>& units, WiredSyncMode mode) {
  std::string names;
  for (const UnitData& u : units)
    if (u.description.sync_mode == mode) names += (names.empty() ? "" : " and ") + u.description.name;
  return names;
}

void add(Findings& out, Code code, Severity severity, std::optional<std::size_t> unit, std::string text) {
  out.push_back({.code = code, .severity = severity, .unit = unit, .text = std::move(text)});
}

void judge_masters(const std::vector<UnitData>& units, std::size_t reference, Findings& out) {
  const std::size_t masters = count_mode(units, WiredSyncMode::master);
  const std::string& name = units[reference].description.name;
  if (masters > 1)
    add(out, Code::two_masters, Severity::failure, {},
        fmt::format(
            "{} were all recorded as master: each makes its own pulses. Make one the master, the others "
            "subordinates. The figures are against {}.",
            names_of(units, WiredSyncMode::master), name));
  if (masters == 0)
    add(out, Code::no_master, Severity::note, {},
        fmt::format("There is no master here: an external trigger, or its file is not given. The figures are "
                    "against {}.",
                    name));
}

void judge_standalone(const std::vector<UnitData>& units, Findings& out) {
  for (std::size_t i = 0; i < units.size(); ++i)
    if (units[i].description.sync_mode == WiredSyncMode::standalone)
      add(out, Code::standalone, Severity::failure, i,
          fmt::format("{} was recorded standalone: it follows no pulse. Record it as master or subordinate.",
                      units[i].description.name));
}

void judge_rates(const std::vector<UnitData>& units, std::size_t reference, Findings& out) {
  const UnitDescription& against = units[reference].description;
  for (std::size_t i = 0; i < units.size(); ++i)
    if (units[i].description.rate != against.rate)
      add(out, Code::frame_rate_differs, Severity::failure, i,
          fmt::format("{} was recorded at {} fps and {} at {} fps: they are not compared. Give all units one "
                      "frame rate.",
                      units[i].description.name, fps(units[i].description.rate), against.name,
                      fps(against.rate)));
}

void judge_serials(const std::vector<UnitData>& units, Findings& out) {
  for (std::size_t i = 0; i < units.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (!units[i].description.serial.empty() && units[i].description.serial == units[k].description.serial)
        add(out, Code::same_unit_twice, Severity::failure, i,
            fmt::format("{} and {} are recordings of one unit ({}): they cannot belong to one take.",
                        units[k].description.name, units[i].description.name, units[i].description.serial));
}

void judge_simulation(const std::vector<UnitData>& units, Findings& out) {
  const auto simulated =
      std::ranges::count_if(units, [](const UnitData& u) { return u.description.simulated; });
  if (simulated != 0 && simulated != std::ssize(units))
    add(out, Code::simulated_mixed, Severity::failure, {},
        fmt::format(
            "{} of {} units are simulated, the others are real: they cannot have seen the same pulses.",
            simulated, units.size()));
}

}  // namespace

bool has_failure(const Findings& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::failure; });
}

void judge_set(const std::vector<UnitData>& units, std::size_t reference, Findings& out) {
  if (units.size() < 2) {
    add(out, Code::single_unit, Severity::note, {},
        "There is only one unit: it is checked within itself, there is nothing to compare it with.");
    return;
  }
  judge_masters(units, reference, out);
  judge_standalone(units, out);
  judge_rates(units, reference, out);
  judge_serials(units, out);
  judge_simulation(units, out);
}

}  // namespace genlock::sync
