#include "cli/report_html.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cmath>

#include "cli/report_plots.h"
#include "cli/report_style.h"
#include "cli/svg_chart.h"
#include "cli/text.h"
#include "cli/verify_report.h"

namespace genlock::cli {
namespace {

using sync::Offset;
using sync::Report;
using sync::StreamReport;
using sync::UnitReport;

std::string tile(std::string_view name, const std::string& value, const std::string& more) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd><small>{}</small></div>\n", name, escaped_html(value),
                     escaped_html(more));
}

std::uint64_t missing_frames(const Report& report) {
  std::uint64_t missing = 0;
  for (const UnitReport& unit : report.units)
    for (const StreamReport& stream : unit.streams) missing += stream.missing;
  return missing;
}

std::string tiles(const Report& report) {
  std::string html = "<dl class=\"tiles\">\n";
  html += tile("Units", fmt::format("{}", report.units.size()),
               "against " + report.units[report.reference].description.name);
  if (report.common) {
    const double seconds = static_cast<double>(count_us(report.common->to - report.common->from)) * 1e-6;
    html += tile("Common span", readable_seconds(std::round(seconds)),
                 fmt::format("pulses {} to {}", report.common->first_pulse, report.common->last_pulse));
    html += tile("Complete frame sets", fmt::format("{}", report.common->complete_sets),
                 fmt::format("of {} pulses", report.common->last_pulse - report.common->first_pulse + 1));
  }
  html += tile("Worst second", fmt::format("{:.0f} µs", report.worst_window.count()),
               fmt::format("off the fit; allowed {:.0f} µs", report.tolerance.count()));
  html += tile("Worst constant error", fmt::format("{:.0f} µs", report.worst_constant.count()),
               "from the configured delay");
  html += tile("Frames missing", fmt::format("{}", missing_frames(report)), "of all streams");
  return html + "</dl>\n";
}

std::string head(const Report& report, const ReportFacts& facts) {
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"sub\">", escaped_html(facts.title));
  if (!facts.rig.empty()) html += fmt::format("Rig {}. ", escaped_html(facts.rig));
  if (facts.started)
    html += fmt::format("Recorded {:%Y-%m-%d %H:%M:%S} UTC. ",
                        std::chrono::floor<std::chrono::seconds>(*facts.started));
  html += "Judged from the stamps in the files.</p>\n";
  if (report.simulated)
    html += "<p class=\"simulated\">Simulated data: these recordings show no real scene.</p>\n";
  const bool good = report.verdict == sync::Verdict::in_sync;
  html += fmt::format("<p class=\"verdict {}\">{}</p>\n", good ? "good" : "bad",
                      escaped_html(verdict_line(report)));
  if (!facts.advice.empty())
    html += fmt::format("<p class=\"sub\">The recorder said: {}</p>\n", escaped_html(facts.advice));
  if (facts.forced)
    html += "<p class=\"sub\">Forced: recorded although the plan or genlock doctor found errors.</p>\n";
  return html + tiles(report);
}

std::string finding_row(const Report& report, const sync::Finding& finding) {
  const std::string unit = finding.unit ? report.units[*finding.unit].description.name : "";
  return fmt::format(
      "<tr><td><span class=\"pill {0}\">{0}</span></td><td>{1}</td><td class=\"num\">{2}</td>"
      "<td class=\"num\">{3}</td><td>{4}<br><code>{5}</code></td></tr>\n",
      sync::to_string(finding.severity), escaped_html(unit),
      finding.at ? fmt::format("{:.3f} s", static_cast<double>(count_us(*finding.at)) * 1e-6) : "",
      finding.pulse ? fmt::format("{}", *finding.pulse) : "", escaped_html(finding.text),
      sync::to_string(finding.code));
}

std::string findings(const Report& report) {
  if (report.findings.empty()) return "<p class=\"note\">Nothing was found against this take.</p>\n";
  std::string html =
      "<div class=\"wide\"><table class=\"findings\"><thead><tr><th></th><th>unit</th>"
      "<th class=\"num\">at</th><th class=\"num\">pulse</th><th>what</th></tr></thead>\n";
  for (const sync::Finding& finding : report.findings) html += finding_row(report, finding);
  return html + "</table></div>\n";
}

std::string cell(const std::string& value) {
  return "<td class=\"num\">" + escaped_html(value) + "</td>";
}

std::string offset_cells(const UnitReport& unit, const StreamReport& stream) {
  if (!stream.offset)
    return cell("reference") + cell("") + cell("") + cell("") +
           cell(fmt::format("{:.1f}", stream.own_jitter.count())) + cell("");
  const Offset& o = *stream.offset;
  return cell(fmt::format("{}", count_us(o.configured))) + cell(fmt::format("{:.1f}", o.measured.count())) +
         cell(fmt::format("{:.1f}", o.p99.count())) + cell(fmt::format("{:.1f}", o.worst.count())) +
         cell(fmt::format("{:.1f}", o.jitter.count())) +
         cell(unit.reference ? "" : fmt::format("{:+.2f}", o.drift_ppm));
}

std::string stream_row(const UnitReport& unit, const StreamReport& stream, bool first) {
  const sync::UnitDescription& d = unit.description;
  std::string html = "<tr>";
  html += fmt::format("<td>{}</td><td>{}</td><td>{}</td><td>{}</td>", first ? escaped_html(d.name) : "",
                      first ? escaped_html(d.serial) : "", first ? role_name(d.sync_mode) : "",
                      sync::to_string(stream.stream));
  html += cell(fmt::format("{}", stream.frames)) + cell(fmt::format("{}", stream.missing));
  return html + offset_cells(unit, stream) + cell(fmt::format("{}", stream.alone)) + "</tr>\n";
}

std::string unit_table(const Report& report) {
  std::string html =
      "<div class=\"wide\"><table "
      "class=\"units\"><thead><tr><th>unit</th><th>serial</th><th>role</th><th>stream</th>";
  for (const char* name : {"frames", "missing", "delay µs", "measured µs", "99 % µs", "worst µs", "jitter µs",
                           "drift ppm", "alone"})
    html += fmt::format("<th class=\"num\">{}</th>", name);
  html += "</tr></thead>\n";
  for (const UnitReport& unit : report.units)
    for (const StreamReport& stream : unit.streams)
      html += stream_row(unit, stream, &stream == &unit.streams.front());
  return html + "</table></div>\n";
}

std::string imu_table(const Report& report, const ReportFacts& facts) {
  if (facts.imu.empty())
    return "<p class=\"note\">No second in which the units moved together was found, so their IMUs say "
           "nothing "
           "of each other.</p>\n";
  std::string html =
      "<div class=\"wide\"><table class=\"imu\"><thead><tr><th>unit</th><th class=\"num\">after the "
      "reference ms</th>"
      "<th class=\"num\">correlation</th><th class=\"num\">of seconds</th></tr></thead>\n";
  for (const take::ImuCheck& check : facts.imu)
    html += fmt::format(
        "<tr><td>{}</td>{}{}{}</tr>\n", escaped_html(report.units[check.unit].description.name),
        cell(fmt::format("{:+.2f}", check.offset_ms)), cell(fmt::format("{:.3f}", check.correlation)),
        cell(fmt::format("{:.0f}", check.seconds)));
  return html + "</table></div>\n";
}

std::string file_table(const ReportFacts& facts) {
  std::string html =
      "<div class=\"wide\"><table class=\"files\"><thead><tr><th>unit</th><th>file</th>"
      "<th class=\"num\">size</th></tr></thead>\n";
  for (const ReportFacts::File& file : facts.files)
    html += fmt::format("<tr><td>{}</td><td><code>{}</code></td>{}</tr>\n", escaped_html(file.unit),
                        escaped_html(file.path), cell(readable_bytes(file.bytes)));
  return html + "</table></div>\n";
}

std::string marker_table(const ReportFacts& facts) {
  std::string html =
      "<div class=\"wide\"><table class=\"markers\"><thead><tr><th "
      "class=\"num\">pulse</th><th>marker</th></tr></thead>\n";
  for (const ReportFacts::Marker& marker : facts.markers)
    html += fmt::format("<tr>{}<td>{}</td></tr>\n", cell(fmt::format("{}", marker.pulse)),
                        escaped_html(marker.text));
  return html + "</table></div>\n";
}

/// A heading, what is to be seen, and it; nothing where there is nothing.
std::string section(std::string_view id, std::string_view heading, std::string_view note,
                    const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}{}</section>\n", id, heading,
                     note.empty() ? "" : fmt::format("<p class=\"note\">{}</p>\n", note), content);
}

constexpr std::string_view kStreamLegend =
    "<p class=\"legend\"><span class=\"color\"><i></i>colour</span><span class=\"depth\"><i></i>depth</span>"
    "<span><i class=\"ok\"></i>within tolerance</span></p>\n";
constexpr std::string_view kTimelineLegend =
    "<p class=\"legend\"><span class=\"color\"><i class=\"block\"></i>colour</span><span class=\"depth\">"
    "<i class=\"block\"></i>depth</span><span><i class=\"bad\"></i>frames missing</span>"
    "<span>dashed: common to all units</span><span>triangles: findings</span></p>\n";

std::string with_legend(std::string_view legend, const std::string& plots) {
  return plots.empty() ? "" : std::string(legend) + plots;
}

std::string plots(const Report& report) {
  return section("timeline", "Frames", "Which pulses each stream has a frame of.",
                 with_legend(kTimelineLegend, timeline_plot(report))) +
         section(
             "offsets", "Errors over time",
             "How far frames are from where their configured delays put them, in µs; what the clocks drift "
             "apart is taken out. The line is the median of a second, the band its least and greatest.",
             with_legend(kStreamLegend, offset_plots(report))) +
         section("histograms", "Errors by size",
                 "How many frames have each error, in µs, by clock ticks of 11.1 µs.",
                 with_legend(kStreamLegend, histogram_plots(report))) +
         section("drift", "Drift",
                 "How far each unit's stamps run away from the reference's, in µs. Free clocks do; the "
                 "frames are "
                 "taken together all the same.",
                 drift_plot(report)) +
         section(
             "pairs", "Every pair",
             "Median error of the unit above against the one on the left, in µs; below it the distance that "
             "99 % of the frames keep.",
             pair_table(report));
}

}  // namespace

std::string report_html(const Report& report, const ReportFacts& facts) {
  if (report.units.empty()) return "";
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "img-src data:\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
      escaped_html(facts.title), kReportStyle);
  html += head(report, facts);
  html += section("findings", "Findings", "", findings(report));
  html += section("units", "Units", "", unit_table(report));
  html += plots(report);
  html += section("imu", "Motion",
                  "Where units on one rig turn together, their gyroscopes tell independently how far their "
                  "clocks are apart, after the stamps' drift is taken out.",
                  report.units.size() < 2 ? "" : imu_table(report, facts));
  if (!facts.markers.empty()) html += section("markers", "Markers", "", marker_table(facts));
  html += section("files", "Files", "", file_table(facts));
  return html +
         "<footer>Made by genlock verify. What each finding means: "
         "docs/verify.md.</footer>\n</main>\n</body>\n</html>\n";
}

}  // namespace genlock::cli
