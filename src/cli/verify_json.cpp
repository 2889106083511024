#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/verify_report.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;

double hundredths(double value) {
  return std::round(value * 100) / 100;
}
double number(sync::Micros value) {
  return hundredths(value.count());
}

template <class T, class F>
Json optional(const std::optional<T>& value, F&& as_json) {
  return value ? Json(as_json(*value)) : Json(nullptr);
}

Json course_json(const std::vector<sync::CourseWindow>& course) {
  Json windows = Json::array();
  for (const sync::CourseWindow& w : course)
    windows.push_back({{"at_us", count_us(w.at)},
                       {"pulse", w.pulse},
                       {"frames", w.frames},
                       {"error_us", number(w.error)},
                       {"least_us", number(w.least)},
                       {"most_us", number(w.most)},
                       {"apart_us", number(w.apart)}});
  return windows;
}

Json offset_json(const sync::Offset& o) {
  return {{"configured_us", count_us(o.configured)},
          {"expected_us", number(o.expected)},
          {"measured_us", number(o.measured)},
          {"constant_error_us", number(o.constant_error)},
          {"own_zero_us", o.own_zero ? Json(number(*o.own_zero)) : Json(nullptr)},
          {"uncertainty_us", number(o.uncertainty)},
          {"error_p99_us", number(o.p99)},
          {"error_worst_us", number(o.worst)},
          {"jitter_us", number(o.jitter)},
          {"worst_window_us", number(o.worst_window)},
          {"worst_window_at_us", count_us(o.worst_window_at)},
          {"drift_ppm", std::round(o.drift_ppm * 1000) / 1000},
          {"drift_sd_ppm", std::round(o.drift_sd_ppm * 1000) / 1000},
          {"pairs", o.pairs},
          {"course", course_json(o.course)},
          {"histogram", {{"first_tick", o.histogram.first_tick}, {"counts", o.histogram.counts}}}};
}

Json gap_json(const sync::Gap& gap) {
  return {{"first_pulse", gap.first_pulse}, {"frames", gap.frames}, {"after_us", count_us(gap.after)}};
}

Json stream_json(const sync::StreamReport& s) {
  Json gaps = Json::array();
  for (const sync::Gap& gap : s.gaps) gaps.push_back(gap_json(gap));
  return {{"stream", to_string(s.stream)},
          {"frames", s.frames},
          {"first_us", count_us(s.first)},
          {"last_us", count_us(s.last)},
          {"first_pulse", s.first_pulse},
          {"last_pulse", s.last_pulse},
          {"missing", s.missing},
          {"gaps", std::move(gaps)},
          {"duplicates", s.duplicates},
          {"outliers", s.outliers},
          {"off_pulse", s.off_pulse},
          {"alone", s.alone},
          {"own_jitter_us", number(s.own_jitter)},
          {"offset", optional(s.offset, offset_json)},
          {"depth_minus_color", optional(s.depth_minus_color, offset_json)}};
}

Json exposure_json(const sync::UnitReport& unit) {
  if (!unit.least_exposure || !unit.most_exposure) return nullptr;
  return {count_us(*unit.least_exposure), count_us(*unit.most_exposure)};
}

Json unit_json(const sync::UnitReport& unit) {
  Json streams = Json::array();
  for (const sync::StreamReport& stream : unit.streams) streams.push_back(stream_json(stream));
  const sync::UnitDescription& d = unit.description;
  return {{"name", d.name},
          {"serial", d.serial},
          {"sync_mode", to_string(d.sync_mode)},
          {"reference", unit.reference},
          {"simulated", d.simulated},
          {"fps", fps(d.rate)},
          {"delay_off_master_us", count_us(d.delay_off_master)},
          {"depth_delay_us", count_us(d.depth_delay_off_color)},
          {"before_common", unit.before_common},
          {"after_common", unit.after_common},
          {"exposure_us", exposure_json(unit)},
          {"streams", std::move(streams)}};
}

Json finding_json(const sync::Finding& f, const sync::Report& report) {
  return {{"code", to_string(f.code)},
          {"severity", to_string(f.severity)},
          {"unit", optional(f.unit, [&](std::size_t u) { return report.units[u].description.name; })},
          {"stream", optional(f.stream, [](sync::Stream s) { return to_string(s); })},
          {"at_us", optional(f.at, [](DeviceTime t) { return count_us(t); })},
          {"pulse", optional(f.pulse, [](std::int64_t p) { return p; })},
          {"count", f.count},
          {"text", f.text}};
}

Json pair_json(const sync::PairOffset& p, const sync::Report& report) {
  const auto name = [&](std::size_t unit) { return report.units[unit].description.name; };
  return {{"units", {name(p.first), name(p.second)}},
          {"configured_us", count_us(p.configured)},
          {"expected_us", number(p.expected)},
          {"measured_us", number(p.measured)},
          {"error_p99_us", number(p.p99)},
          {"error_worst_us", number(p.worst)},
          {"frames", p.frames}};
}

Json common_json(const sync::CommonSpan& c) {
  return {{"first_pulse", c.first_pulse},
          {"last_pulse", c.last_pulse},
          {"from_us", count_us(c.from)},
          {"to_us", count_us(c.to)},
          {"complete_sets", c.complete_sets}};
}

}  // namespace

std::string verify_json(const sync::Report& report, const RecorderWord& word) {
  Json json{{"verdict", to_string(report.verdict)},
            {"same_take", to_string(report.same_take)},
            {"simulated", report.simulated},
            {"compared", report.compared},
            {"tolerance_us", number(report.tolerance)},
            {"worst_window_us", number(report.worst_window)},
            {"worst_constant_error_us", number(report.worst_constant)},
            {"common", optional(report.common, common_json)}};
  json["recorder"] = {{"advice", word.advice}, {"forced", word.forced}};
  json["units"] = Json::array();
  for (const sync::UnitReport& unit : report.units) json["units"].push_back(unit_json(unit));
  json["pairs"] = Json::array();
  for (const sync::PairOffset& pair : report.pairs) json["pairs"].push_back(pair_json(pair, report));
  json["findings"] = Json::array();
  for (const sync::Finding& finding : report.findings)
    json["findings"].push_back(finding_json(finding, report));
  // File names need not be UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace genlock::cli
