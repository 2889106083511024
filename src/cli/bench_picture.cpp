#include "cli/bench_picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <sstream>

#include "cli/bench_text.h"
#include "cli/text.h"

namespace genlock::cli {
namespace {

using device::sim::BenchConfig;
using device::sim::BenchStatus;
using device::sim::CableConfig;
using device::sim::Jack;
using device::sim::UnitStatus;

std::string_view sync_text(const UnitStatus& unit) {
  if (!unit.running) return "-";
  if (unit.running->sync_mode != WiredSyncMode::subordinate) return "own";
  if (unit.locked) return "locked";
  return unit.pulses == 0 && unit.captures == 0 ? "waits" : "free";
}

/// "sub 30 fps": short, that the faults have room.
std::string role_text(const UnitStatus& unit) {
  if (!unit.running) return unit.open_by != 0 ? "open" : "free";
  const std::string_view role = unit.running->sync_mode == WiredSyncMode::master        ? "master"
                                : unit.running->sync_mode == WiredSyncMode::subordinate ? "sub"
                                                                                        : "alone";
  return fmt::format("{} {} fps", role, fps(unit.running->rate));
}

std::string title(const BenchConfig& config, const BenchStatus& status) {
  std::string text =
      fmt::format("bench {}, running for {}, speed {}", config.name,
                  readable_seconds(std::chrono::duration<double>(status.since_boot).count()), config.speed);
  if (config.stepped) text += ", stepped";
  if (config.patient) text += ", patient";
  if (status.waits_for) text += ": waits for " + status.units[*status.waits_for].name;
  return text;
}

std::vector<std::string> unit_rows(const BenchStatus& status) {
  std::vector<std::vector<std::string>> rows{
      {"unit", "role", "process", "captures", "dropped", "pulse", "sync", "faults"}};
  for (const UnitStatus& unit : status.units)
    rows.push_back({unit.name, role_text(unit), unit.open_by != 0 ? std::to_string(unit.open_by) : "-",
                    std::to_string(unit.captures), std::to_string(unit.captures_dropped),
                    std::to_string(unit.pulses), std::string(sync_text(unit)), faults_text(unit)});
  std::vector<std::string> lines;
  std::istringstream text(columns(rows));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// Cables by the place of their units; a maker of no unit is the trigger.
class CableMap {
 public:
  CableMap(const BenchConfig& config, const BenchStatus& status, std::size_t columns)
      : config_(config), status_(status), columns_(columns), drawn_(config.units.size()) {}

  std::vector<std::string> draw() {
    if (config_.trigger) draw_line("trigger", {});
    for (std::size_t i = 0; i < drawn_.size(); ++i)
      if (!drawn_[i] && !is_fed(i) && feeds(i)) draw_from(i);
    for (std::size_t i = 0; i < drawn_.size(); ++i)  // what is left runs in circles
      if (!drawn_[i] && is_fed(i)) draw_from(i);
    for (const CableConfig& cable : config_.cables)
      if (!carries(cable))
        lines_.push_back(fmt::format("{} {} --- {} {}: carries nothing", end_name(cable.from),
                                     jack_name(cable.from.jack), cable.to.unit, jack_name(cable.to.jack)));
    return std::move(lines_);
  }

 private:
  /// Whether pulses can pass, from which end to which does not matter.
  static bool carries(const CableConfig& cable) { return cable.from.jack != cable.to.jack; }
  static const device::sim::CableEnd& source(const CableConfig& cable) {
    return cable.from.jack == Jack::out ? cable.from : cable.to;
  }
  static const device::sim::CableEnd& sink(const CableConfig& cable) {
    return cable.from.jack == Jack::out ? cable.to : cable.from;
  }

  bool is_fed(std::size_t unit) const {
    return std::ranges::any_of(config_.cables, [&](const CableConfig& cable) {
      return carries(cable) && sink(cable).unit == config_.units[unit].name;
    });
  }
  bool feeds(std::size_t unit) const { return !fed_by(config_.units[unit].name).empty(); }

  std::vector<std::size_t> fed_by(const std::string& name) const {
    std::vector<std::size_t> units;
    for (const CableConfig& cable : config_.cables)
      if (carries(cable) && source(cable).unit == name)
        units.push_back(*config_.unit_index(sink(cable).unit));
    return units;
  }

  void draw_from(std::size_t unit) {
    drawn_[unit] = true;
    draw_line(config_.units[unit].name, config_.units[unit].name);
  }

  /// Draws on from `line`, which ends with the unit (empty: the trigger), one line for each arm of a
  /// splitter.
  void draw_line(std::string line, std::string unit) {
    for (;;) {
      const auto next = fed_by(unit);
      if (next.empty()) break;
      const std::string indent(std::min(line.size(), columns_ / 2), ' ');
      for (std::size_t arm = 1; arm < next.size(); ++arm)
        if (!drawn_[next[arm]]) later_.push_back({indent, unit, next[arm]});
      const std::size_t to = next.front();
      add(line, arrow(unit, to) + config_.units[to].name);
      if (drawn_[to]) {
        line += " (again)";
        break;
      }
      drawn_[to] = true;
      unit = config_.units[to].name;
    }
    lines_.push_back(line);
    while (!later_.empty()) {
      const Arm arm = later_.back();
      later_.pop_back();
      if (drawn_[arm.to]) continue;
      drawn_[arm.to] = true;
      draw_line(arm.indent + arrow(arm.from, arm.to) + config_.units[arm.to].name,
                config_.units[arm.to].name);
    }
  }

  void add(std::string& line, const std::string& piece) {
    if (line.size() + piece.size() > columns_) {
      lines_.push_back(line);
      line = " ";
    }
    line += piece;
  }

  std::string arrow(const std::string& from, std::size_t to) const {
    const UnitStatus& sink = status_.units[to];
    const auto maker = config_.unit_index(from);
    const bool pulled =
        !sink.jacks.in.value_or(false) || (maker && !status_.units[*maker].jacks.out.value_or(false));
    if (pulled) return " -x- ";
    constexpr std::array<const char*, 3> kMoving{" >== ", " =>= ", " ==> "};
    return sink.has_pulses ? kMoving[sink.pulses % kMoving.size()] : " --> ";
  }

  struct Arm {
    std::string indent, from;
    std::size_t to;
  };
  const BenchConfig& config_;
  const BenchStatus& status_;
  const std::size_t columns_;
  std::vector<bool> drawn_;
  std::vector<Arm> later_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> cable_lines(const BenchConfig& config, const BenchStatus& status,
                                     std::size_t columns) {
  return CableMap(config, status, columns).draw();
}

std::vector<std::string> bench_picture(const BenchConfig& config, const BenchStatus& status,
                                       PictureSize size) {
  std::vector<std::string> lines{title(config, status), ""};
  const auto units = unit_rows(status);
  auto cables = cable_lines(config, status, size.columns);
  // Cables get a third of the rows if units leave no more; two lines say what is cut.
  const std::size_t rows = std::max<std::size_t>(size.rows, 8) - 3;
  const std::size_t for_cables =
      std::min(cables.size(), std::max(rows / 3, rows - std::min(rows, units.size())));
  const std::size_t for_units = std::min(units.size(), rows - for_cables);
  const auto put = [&](const std::vector<std::string>& from, std::size_t count, const char* what) {
    const bool cut = count < from.size();
    const std::size_t shown = cut ? count - 1 : count;
    lines.insert(lines.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(shown));
    if (cut) lines.push_back(fmt::format("... {} more {}", from.size() - shown, what));
  };
  put(units, for_units, "units");
  lines.emplace_back();
  put(cables, for_cables, "lines of cables");
  for (std::string& line : lines)
    if (line.size() > size.columns) line.resize(size.columns);
  return lines;
}

std::string unit_line(const UnitStatus& unit) {
  return fmt::format("{}: {}, process {}, sync {}, faults {}", unit.name, role_text(unit),
                     unit.open_by != 0 ? std::to_string(unit.open_by) : "-", sync_text(unit),
                     faults_text(unit));
}

}  // namespace genlock::cli
