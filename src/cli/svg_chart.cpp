#include "cli/svg_chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace genlock::cli {
namespace {

/// Bytes of the UTF-8 character that begins here; 0 where none does.
std::size_t character_bytes(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0x80   ? 1
                            : lead < 0xC2 ? 0
                            : lead < 0xE0 ? 2
                            : lead < 0xF0 ? 3
                            : lead < 0xF5 ? 4
                                          : 0;
  if (bytes == 0 || bytes > text.size()) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  return bytes;
}

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return static_cast<unsigned char>(c) < ' ' ? " " : "";
  }
}

std::vector<double> ticks_of(Range range, double step) {
  std::vector<double> ticks;
  const auto first = static_cast<std::int64_t>(std::ceil(range.from / step - 1e-9));
  const auto last = static_cast<std::int64_t>(std::floor(range.to / step + 1e-9));
  for (std::int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * 0.999) return factor * power;
  return 10 * power;
}

std::string shape(std::string_view path, std::string_view kind) {
  return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", kind, path);
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text);
    const std::string_view escape = bytes == 1 ? escape_of(text[0]) : "";
    if (bytes == 0)
      out += "\xEF\xBF\xBD";
    else
      out += escape.empty() ? text.substr(0, bytes) : escape;
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::vector<double> round_ticks(Range range, int count) {
  return ticks_of(range, round_step(std::max(range.span(), 1e-9) / count));
}

std::vector<double> time_ticks(Range seconds, int count) {
  const double rough = seconds.span() / count;
  constexpr std::array kSteps{15.0,  30.0,   60.0,   120.0,  300.0,   600.0,
                              900.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0};
  if (rough <= 10) return round_ticks(seconds, count);
  const auto* step = std::ranges::find_if(kSteps, [&](double s) { return s >= rough; });
  return ticks_of(seconds, step == kSteps.end() ? 86400 : *step);
}

std::string time_label(double seconds, Range range) {
  if (range.span() < 5) return fmt::format("{:.1f} s", seconds);
  if (range.to < 120) return fmt::format("{:.0f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (range.to < 7200) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, std::size_t most) {
  if (points.size() <= most) return points;
  std::vector<ChartPoint> out;
  for (std::size_t k = 0; k < most; ++k) {
    const std::size_t begin = k * points.size() / most;
    const std::size_t end = (k + 1) * points.size() / most;
    ChartPoint joined{.x = 0, .value = 0, .low = points[begin].low, .high = points[begin].high};
    for (std::size_t i = begin; i < end; ++i) {
      joined.x += points[i].x / static_cast<double>(end - begin);
      joined.value += points[i].value / static_cast<double>(end - begin);
      joined.low = std::min(joined.low, points[i].low);
      joined.high = std::max(joined.high, points[i].high);
    }
    out.push_back(joined);
  }
  return out;
}

Chart::Chart(Layout layout, Range x, Range y, std::string name)
    : layout_(layout), x_(x), y_(y), name_(std::move(name)) {}

double Chart::px(double x) const {
  const double width = layout_.width - layout_.left - layout_.right;
  const double part = x_.span() > 0 ? (x - x_.from) / x_.span() : 0.5;
  return layout_.left + std::clamp(part, 0.0, 1.0) * width;
}

double Chart::py(double y) const {
  const double height = layout_.height - layout_.top - layout_.bottom;
  const double part = y_.span() > 0 ? (y - y_.from) / y_.span() : 0.5;
  return layout_.height - layout_.bottom - std::clamp(part, 0.0, 1.0) * height;
}

void Chart::x_axis(const std::vector<double>& ticks, const Label& label) {
  const double base = layout_.height - layout_.bottom;
  for (const double tick : ticks)
    svg_ += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/><text class=\"tick\" text-anchor=\"middle\" "
        "x=\"{0:.1f}\" "
        "y=\"{3:.1f}\">{4}</text>\n",
        px(tick), layout_.top, base, base + 17, escaped_html(label(tick)));
}

void Chart::y_axis(const std::vector<double>& ticks, const Label& label) {
  for (const double tick : ticks)
    svg_ += fmt::format(
        "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}H{2:.1f}\"/><text class=\"tick\" text-anchor=\"end\" "
        "x=\"{3:.1f}\" "
        "y=\"{4:.1f}\">{5}</text>\n",
        layout_.left, py(tick), layout_.width - layout_.right, layout_.left - 8, py(tick) + 4,
        escaped_html(label(tick)));
}

void Chart::level(std::string_view kind, double y) {
  svg_ +=
      shape(fmt::format("M{:.1f} {:.1f}H{:.1f}", layout_.left, py(y), layout_.width - layout_.right), kind);
}

void Chart::rect(std::string_view kind, Range x, Range y, std::string_view title) {
  const double width = std::max(px(x.to) - px(x.from), 1.0);
  svg_ += fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">{}</rect>\n", kind,
      px(x.from), py(y.to), width, py(y.from) - py(y.to),
      title.empty() ? "" : fmt::format("<title>{}</title>", escaped_html(title)));
}

void Chart::line(std::string_view kind, const std::vector<ChartPoint>& points) {
  std::string path;
  for (const ChartPoint& p : points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', px(p.x), py(p.value));
  if (!path.empty()) svg_ += shape(path, kind);
}

void Chart::band(std::string_view kind, const std::vector<ChartPoint>& points) {
  std::string path;
  for (const ChartPoint& p : points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', px(p.x), py(p.high));
  for (auto p = points.rbegin(); p != points.rend(); ++p)
    path += fmt::format("L{:.1f} {:.1f}", px(p->x), py(p->low));
  if (!path.empty()) svg_ += shape(path + "Z", kind);
}

void Chart::text(std::string_view kind, double left, double base, std::string_view text) {
  svg_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", kind, left, base,
                      escaped_html(text));
}

std::string Chart::svg() const {
  return fmt::format("<svg role=\"img\" viewBox=\"0 0 {:.0f} {:.0f}\" aria-label=\"{}\">\n{}</svg>\n",
                     layout_.width, layout_.height, escaped_html(name_), svg_);
}

}  // namespace genlock::cli
