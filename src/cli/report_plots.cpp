#include "cli/report_plots.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/svg_chart.h"

namespace genlock::cli {
namespace {

using sync::CourseWindow;
using sync::Offset;
using sync::Report;
using sync::StreamReport;
using sync::UnitReport;

constexpr std::size_t kMostPoints =
    500;  ///< of a line: nine units with both streams make a page of about 1 MB
constexpr double kTickUs = 100.0 / 9.0;
constexpr int kColors = 8;

/// A stream that is measured against another: the reference's own depth is, against its colour.
struct Measured {
  const UnitReport* unit;
  const StreamReport* stream;
  const Offset* offset;
};

std::vector<Measured> measured_streams(const UnitReport& unit) {
  std::vector<Measured> out;
  for (const StreamReport& stream : unit.streams)
    if (stream.offset && !stream.offset->course.empty()) out.push_back({&unit, &stream, &*stream.offset});
  return out;
}

double seconds(DeviceTime t) {
  return static_cast<double>(count_us(t)) * 1e-6;
}

std::vector<ChartPoint> error_points(const Offset& offset) {
  std::vector<ChartPoint> points;
  for (const CourseWindow& w : offset.course)
    points.push_back({seconds(w.at), w.error.count(), w.least.count(), w.most.count()});
  return thinned(points, kMostPoints);
}

std::vector<ChartPoint> drift_points(const Offset& offset) {
  std::vector<ChartPoint> points;
  for (const CourseWindow& w : offset.course)
    points.push_back({seconds(w.at), w.apart.count(), w.apart.count(), w.apart.count()});
  return thinned(points, kMostPoints);
}

/// Of all courses.
Range time_range(const Report& report) {
  std::optional<Range> all;
  for (const UnitReport& unit : report.units)
    for (const Measured& m : measured_streams(unit)) {
      const Range own{seconds(m.offset->course.front().at), seconds(m.offset->course.back().at)};
      all = all ? Range{std::min(all->from, own.from), std::max(all->to, own.to)} : own;
    }
  return all.value_or(Range{});
}

std::string_view stream_class(const StreamReport& stream) {
  return stream.stream == sync::Stream::color ? "color" : "depth";
}

/// The tolerance with room, up to three times as much where errors need it.
Range error_range(const std::vector<Measured>& streams, double tolerance) {
  double most = 1.25 * tolerance;
  for (const Measured& m : streams)
    for (const CourseWindow& w : m.offset->course)
      most = std::max({most, 1.1 * std::abs(w.least.count()), 1.1 * std::abs(w.most.count())});
  most = std::min(most, 3 * tolerance);
  return {-most, most};
}

std::string microseconds(double us) {
  return fmt::format("{:.0f}", us);
}

std::string offset_panel(const UnitReport& unit, const std::vector<Measured>& streams, Range time,
                         double tolerance) {
  const std::string& name = unit.description.name;
  Chart chart({}, time, error_range(streams, tolerance), name + ": error of its frames over time, µs");
  chart.rect("tolerance", time, {-tolerance, tolerance});
  chart.y_axis({-tolerance, 0, tolerance}, microseconds);
  chart.x_axis(time_ticks(time, 8), [&](double s) { return time_label(s, time); });
  for (const Measured& m : streams) {
    const std::vector<ChartPoint> points = error_points(*m.offset);
    const std::string kind(stream_class(*m.stream));
    chart.band("band " + kind, points);
    chart.line("line " + kind, points);
  }
  return fmt::format("<figure class=\"offsets\"><figcaption>{}</figcaption>\n{}</figure>\n",
                     escaped_html(name), chart.svg());
}

std::string histogram_panel(const Measured& m, double tolerance) {
  const sync::Histogram& histogram = m.offset->histogram;
  const double first = static_cast<double>(histogram.first_tick) * kTickUs;
  const double reach = -first + kTickUs / 2;
  const auto highest =
      static_cast<double>(std::max<std::uint64_t>(1, *std::ranges::max_element(histogram.counts)));
  const std::string name = fmt::format("{} {}", m.unit->description.name, sync::to_string(m.stream->stream));
  Chart chart({.width = 480, .height = 150, .left = 16, .right = 16, .top = 8, .bottom = 26}, {-reach, reach},
              {0, highest}, name + ": how often each error came");
  chart.rect("tolerance", {-tolerance, tolerance}, {0, highest});
  chart.x_axis({-2 * tolerance, -tolerance, 0, tolerance, 2 * tolerance}, microseconds);
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    if (histogram.counts[i] == 0) continue;
    const double middle = first + static_cast<double>(i) * kTickUs;
    chart.rect(fmt::format("bar {}", stream_class(*m.stream)),
               {middle - kTickUs * 0.45, middle + kTickUs * 0.45},
               {0, static_cast<double>(histogram.counts[i])},
               fmt::format("{} frames at {:+.0f} µs", histogram.counts[i], middle));
  }
  return fmt::format("<figure class=\"histogram\"><figcaption>{}</figcaption>\n{}</figure>\n",
                     escaped_html(name), chart.svg());
}

/// What a row of the timeline shows.
void timeline_row(Chart& chart, const UnitReport& unit, const StreamReport& stream, double row) {
  const Range height{-row - 0.78, -row - 0.22};
  const std::string name = fmt::format("{} {}", unit.description.name, sync::to_string(stream.stream));
  chart.text("rowname", 4, chart.py(-row - 0.5) + 4,
             name.size() > 20 ? "…" + name.substr(name.size() - 18) : name);
  if (stream.frames == 0) return;
  chart.rect(fmt::format("bar {}", stream_class(stream)),
             {static_cast<double>(stream.first_pulse), static_cast<double>(stream.last_pulse) + 1}, height,
             fmt::format("{}: pulses {} to {}, {} frames, {} missing", name, stream.first_pulse,
                         stream.last_pulse, stream.frames, stream.missing));
  for (const sync::Gap& gap : stream.gaps)
    chart.rect("gap",
               {static_cast<double>(gap.first_pulse),
                static_cast<double>(gap.first_pulse) + static_cast<double>(gap.frames)},
               height, fmt::format("{}: {} missing from pulse {} on", name, gap.frames, gap.first_pulse));
}

std::optional<Range> pulse_range(const Report& report) {
  std::optional<Range> all;
  for (const UnitReport& unit : report.units)
    for (const StreamReport& stream : unit.streams) {
      if (stream.frames == 0) continue;
      const Range own{static_cast<double>(stream.first_pulse), static_cast<double>(stream.last_pulse) + 1};
      all = all ? Range{std::min(all->from, own.from), std::max(all->to, own.to)} : own;
    }
  return all;
}

double count_rows(const Report& report) {
  std::size_t rows = 0;
  for (const UnitReport& unit : report.units) rows += unit.streams.size();
  return static_cast<double>(rows);
}

void timeline_marks(Chart& chart, const Report& report, double rows) {
  if (report.common)
    chart.rect(
        "common",
        {static_cast<double>(report.common->first_pulse), static_cast<double>(report.common->last_pulse) + 1},
        {-rows, 0},
        fmt::format("common to all: pulses {} to {}", report.common->first_pulse, report.common->last_pulse));
  for (const sync::Finding& finding : report.findings)
    if (finding.pulse && finding.severity != sync::Severity::note)
      chart.raw(fmt::format("<path class=\"mark {}\" d=\"M{:.1f} 14l-5 -9h10z\"><title>{}</title></path>\n",
                            sync::to_string(finding.severity), chart.px(static_cast<double>(*finding.pulse)),
                            escaped_html(finding.text)));
}

void drift_line(Chart& chart, const UnitReport& unit, int color) {
  const std::vector<Measured> streams = measured_streams(unit);
  if (!streams.empty()) chart.line(fmt::format("line s{}", color), drift_points(*streams.front().offset));
}

std::string drift_legend(const UnitReport& unit, int color) {
  const std::vector<Measured> streams = measured_streams(unit);
  if (streams.empty()) return "";
  return fmt::format("<span><i class=\"s{}\"></i>{} {:+.2f} ppm</span>", color,
                     escaped_html(unit.description.name), streams.front().offset->drift_ppm);
}

Range apart_range(const Report& report) {
  Range all{0, 0};
  for (const UnitReport& unit : report.units) {
    const std::vector<Measured> streams = measured_streams(unit);
    if (unit.reference || streams.empty()) continue;
    for (const CourseWindow& w : streams.front().offset->course)
      all = {std::min(all.from, w.apart.count()), std::max(all.to, w.apart.count())};
  }
  const double room = std::max(all.span() * 0.06, 10.0);
  return {all.from - room, all.to + room};
}

std::string pair_cell(const sync::PairOffset& pair, double tolerance) {
  const bool within = pair.worst.count() <= tolerance;
  return fmt::format(
      "<td class=\"num{}\" title=\"worst of {} frames {:.1f} µs\">{:+.1f}<small>{:.1f}</small></td>",
      within ? "" : " beyond", pair.frames, pair.worst.count(), (pair.measured - pair.expected).count(),
      pair.p99.count());
}

std::string pair_row(const Report& report, std::size_t first) {
  std::string row = fmt::format("<tr><th>{}</th>", escaped_html(report.units[first].description.name));
  for (std::size_t second = 1; second < report.units.size(); ++second) {
    const auto pair = std::ranges::find_if(report.pairs, [&](const sync::PairOffset& p) {
      return std::minmax(p.first, p.second) == std::minmax(first, second) && first < second;
    });
    row += pair == report.pairs.end() ? "<td></td>" : pair_cell(*pair, report.tolerance.count());
  }
  return row + "</tr>\n";
}

}  // namespace

std::string offset_plots(const Report& report) {
  const Range time = time_range(report);
  std::string html;
  for (const UnitReport& unit : report.units) {
    const std::vector<Measured> streams = measured_streams(unit);
    if (!streams.empty()) html += offset_panel(unit, streams, time, report.tolerance.count());
  }
  return html;
}

std::string histogram_plots(const Report& report) {
  std::string html;
  for (const UnitReport& unit : report.units)
    for (const Measured& m : measured_streams(unit)) html += histogram_panel(m, report.tolerance.count());
  return html.empty() ? "" : "<div class=\"panels\">\n" + html + "</div>\n";
}

std::string timeline_plot(const Report& report) {
  const std::optional<Range> pulses = pulse_range(report);
  const double rows = count_rows(report);
  if (!pulses) return "";
  Chart chart({.width = 1000, .height = 46 + 26 * rows, .left = 150, .right = 16, .top = 20, .bottom = 26},
              *pulses, {-rows, 0}, "frames of each stream by pulse");
  chart.x_axis(round_ticks(*pulses, 8), [](double pulse) { return fmt::format("{:.0f}", pulse); });
  double row = 0;
  for (const UnitReport& unit : report.units)
    for (const StreamReport& stream : unit.streams) timeline_row(chart, unit, stream, row++);
  timeline_marks(chart, report, rows);
  return "<figure class=\"timeline\">\n" + chart.svg() + "</figure>\n";
}

std::string drift_plot(const Report& report) {
  const Range time = time_range(report);
  const Range apart = apart_range(report);
  Chart chart({.width = 1000, .height = 260, .left = 76, .right = 16, .top = 12, .bottom = 26}, time, apart,
              "how far clocks drift apart, µs");
  chart.y_axis(round_ticks(apart, 5), microseconds);
  chart.x_axis(time_ticks(time, 8), [&](double s) { return time_label(s, time); });
  std::string legend;
  int color = 0;
  for (const UnitReport& unit : report.units) {
    if (unit.reference || measured_streams(unit).empty()) continue;
    drift_line(chart, unit, color % kColors);
    legend += drift_legend(unit, color++ % kColors);
  }
  if (color == 0) return "";
  return fmt::format("<figure class=\"drift\">\n<p class=\"legend\">{}</p>\n{}</figure>\n", legend,
                     chart.svg());
}

std::string pair_table(const Report& report) {
  if (report.pairs.empty()) return "";
  std::string html = "<div class=\"wide\"><table class=\"pairs\"><thead><tr><th></th>";
  for (std::size_t u = 1; u < report.units.size(); ++u)
    html += fmt::format("<th class=\"num\">{}</th>", escaped_html(report.units[u].description.name));
  html += "</tr></thead>\n";
  for (std::size_t u = 0; u + 1 < report.units.size(); ++u) html += pair_row(report, u);
  return html + "</table></div>\n";
}

}  // namespace genlock::cli
