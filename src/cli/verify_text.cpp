#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "cli/verify_report.h"

namespace genlock::cli {
namespace {

using sync::Finding;
using sync::Offset;
using sync::Report;
using sync::Severity;
using sync::StreamReport;
using sync::UnitReport;
using sync::Verdict;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLongestName = 16;

std::string micros(sync::Micros value) {
  const double us = value.count();
  if (std::abs(us) >= 1e6) return fmt::format("{:.2f}s", us * 1e-6);
  return fmt::format("{:.{}f}", us, std::abs(us) < 1000 ? 1 : 0);
}

}  // namespace

std::string_view role_name(WiredSyncMode mode) {
  switch (mode) {
    case WiredSyncMode::standalone:
      return "standalone";
    case WiredSyncMode::master:
      return "master";
    case WiredSyncMode::subordinate:
      return "subordinate";
  }
  return "unknown";
}

namespace {

std::string short_name(const std::string& name) {
  return name.size() <= kLongestName ? name : "..." + name.substr(name.size() - kLongestName + 3);
}

std::size_t name_width(const Report& report) {
  std::size_t width = 6;
  for (const UnitReport& unit : report.units)
    width = std::max(width, short_name(unit.description.name).size());
  return width;
}

using Cells = std::array<std::string, 12>;

std::string row(const Cells& c, std::size_t width) {
  std::string text =
      fmt::format("{:<{}} {:<5} {:<11} {:>7} {:>6} {:>8} {:>6} {:>6} {:>6} {:>8} {:>5} {:>5}", c[0], width,
                  c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11]);
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

/// With its standard deviation, where that is the larger of the two and shows in tenths; in eight columns.
std::string drift_cell(const Offset& offset) {
  const double ppm = offset.drift_ppm, sd = offset.drift_sd_ppm;
  if (sd < 0.1 || sd <= std::abs(ppm)) return fmt::format("{:+.2f}", ppm);
  if (sd < 1) return fmt::format("{:+.1f}±{:.1f}", ppm, sd);
  return sd < 9.5 ? fmt::format("{:+.2f} ±{:.0f}", ppm, sd) : fmt::format("{:+.0f} ±{:.0f}", ppm, sd);
}

Cells stream_cells(const UnitReport& unit, const StreamReport& s) {
  const auto& o = s.offset;
  const auto of_offset = [&](sync::Micros Offset::*member) {
    return o ? micros((*o).*member) : std::string("-");
  };
  return {short_name(unit.description.name),
          std::string(to_string(s.stream)),
          std::string(role_name(unit.description.sync_mode)),
          fmt::format("{}", s.frames),
          o ? fmt::format("{}", count_us(o->configured)) : "ref",
          of_offset(&Offset::measured),
          of_offset(&Offset::p99),
          of_offset(&Offset::worst),
          micros(o ? o->jitter : s.own_jitter),
          o && !unit.reference ? drift_cell(*o) : "-",
          fmt::format("{}", s.missing),
          fmt::format("{}", s.alone)};
}

std::string table(const Report& report) {
  const std::size_t width = name_width(report);
  std::string text =
      row({"", "", "", "", "delay", "measured", "error", "error", "jitter", "drift", "", ""}, width) +
      row({"unit", "", "role", "frames", "µs", "µs", "p99 µs", "max µs", "µs", "ppm", "lost", "alone"},
          width);
  for (const UnitReport& unit : report.units)
    for (const StreamReport& stream : unit.streams) text += row(stream_cells(unit, stream), width);
  return text;
}

// Characters, not bytes.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string wrapped(const std::string& head, const std::string& text) {
  std::string out = head;
  std::size_t column = shown_width(head);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (column + 1 + shown_width(word) > kWidth) {
      out += "\n        ";
      column = 8;
    }
    out += " " + word;
    column += 1 + shown_width(word);
    begin = end + 1;
  }
  return out + "\n";
}

std::string findings_text(const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings)
    text += wrapped(fmt::format("{:<8}", to_string(finding.severity)),
                    fmt::format("{} [{}]", finding.text, to_string(finding.code)));
  return text.empty() ? text : text + "\n";
}

std::string common_span(const Report& report) {
  if (!report.common) return "";
  const sync::CommonSpan& span = *report.common;
  const auto seconds = [](DeviceTime t) { return static_cast<double>(count_us(t)) * 1e-6; };
  std::string text =
      fmt::format("Common to all: pulses {} to {} ({:.3f} s to {:.3f} s of {}), {} complete frame sets.\n",
                  span.first_pulse, span.last_pulse, seconds(span.from), seconds(span.to),
                  report.units[report.reference].description.name, span.complete_sets);
  for (const UnitReport& unit : report.units)
    if (unit.before_common + unit.after_common > 0)
      text += fmt::format("  {} has {} before and {} after it.\n", unit.description.name, unit.before_common,
                          unit.after_common);
  return text;
}

std::string same_take(const Report& report) {
  if (report.units.size() < 2) return "";
  switch (report.same_take) {
    case sync::SameTake::yes:
      return "Same take: yes, by the clocks of the hosts.\n";
    case sync::SameTake::no:
      return "Same take: no.\n";
    case sync::SameTake::unknown:
      return "Same take: unknown.\n";
  }
  return "";
}

std::string recorder_text(const RecorderWord& word) {
  std::string text;
  if (!word.advice.empty()) text += wrapped("The recorder's word:", word.advice);
  if (word.forced) text += "forced: it was recorded although the plan or genlock doctor found errors.\n";
  return text;
}

std::string reasons(const Report& report) {
  std::string text;
  std::set<std::string> told;
  for (const Finding& finding : report.findings) {
    if (finding.severity != Severity::failure) continue;
    std::string reason(to_string(finding.code));
    std::ranges::replace(reason, '_', ' ');
    if (finding.unit) reason = report.units[*finding.unit].description.name + " " + reason;
    if (told.insert(reason).second) text += (text.empty() ? "" : ", ") + reason;
  }
  return text.empty() ? "nothing was recorded" : text;
}

}  // namespace

std::string verdict_line(const Report& report) {
  if (report.verdict != Verdict::in_sync)
    return fmt::format("NOT IN SYNC: {}{}", report.verdict == Verdict::refused ? "refused, " : "",
                       reasons(report));
  if (!report.compared) return "NOTHING TO COMPARE: one unit, in order within itself";
  const bool may_be_drift = report.worst_constant > report.tolerance;
  return fmt::format(
      "IN SYNC: worst window median {:.0f} µs, constant error {:.0f} µs{}, of {:.0f} µs allowed",
      report.worst_window.count(), report.worst_constant.count(),
      may_be_drift ? " (which drift may explain)" : "", report.tolerance.count());
}

std::string verify_text(const Report& report, const RecorderWord& word) {
  std::string text;
  if (report.simulated) text += "SIMULATED DATA: these recordings show no real scene\n";
  text += table(report) + "\n" + findings_text(report) + common_span(report) + same_take(report);
  return text + recorder_text(word) + verdict_line(report) + "\n";
}

int verify_exit_code(const Result<sync::Report>& report) {
  if (!report) return 2;
  return report->verdict == sync::Verdict::in_sync ? 0 : 1;
}

}  // namespace genlock::cli
