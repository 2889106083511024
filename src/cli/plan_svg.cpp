#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/plan_rig.h"

namespace genlock::cli {
namespace {

// All in pixels.
constexpr double kNames = 170;
constexpr double kFrame = 1100;  ///< width of what is drawn of time
constexpr double kTop = 40;
constexpr double kRow = 44;
constexpr double kBar = 14;

/// What XML allows of a text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return out;
}

/// From the earliest exposure, or the pulse, to a frame later or the end of the last exposure.
class TimeAxis {
 public:
  explicit TimeAxis(const rig::Plan& plan) : to_(1e6 / fps(plan.rig.rate())) {
    for (const rig::UnitTimeline& timeline : plan.timelines) {
      from_ = std::min({from_, timeline.color_from, timeline.depth_from});
      to_ = std::max({to_, timeline.color_to, timeline.depth_to});
    }
  }

  double x(double us) const { return kNames + (us - from_) / (to_ - from_) * kFrame; }
  double from() const { return from_; }
  double to() const { return to_; }

 private:
  double from_ = 0;
  double to_;
};

std::string bar(const TimeAxis& axis, std::string_view kind, double from, double to, double y,
                double height) {
  if (from >= to) return "";
  return fmt::format("<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>\n",
                     kind, axis.x(from), y, axis.x(to) - axis.x(from), height);
}

std::string unit_svg(const TimeAxis& axis, const rig::RigUnit& unit, const rig::UnitTimeline& timeline,
                     double y) {
  std::string svg = fmt::format(
      "<g><title>{0}: depth delay {2} us, off master {3} us</title>\n"
      "<text x=\"8\" y=\"{1:.2f}\">{0}</text>\n",
      escaped(unit.name), y + 1.3 * kBar, count_us(unit.camera.depth_delay_off_color),
      count_us(unit.camera.delay_off_master));
  svg += bar(axis, "color", timeline.color_from, timeline.color_to, y, kBar);
  svg += bar(axis, "depth", timeline.depth_from, timeline.depth_to, y + kBar + 2, kBar);
  const double pulse = static_cast<double>(count_us(kLaserPulse));
  for (const double from : timeline.laser_pulses)
    svg += bar(axis, "laser", from, from + pulse, y + kBar + 2, kBar);
  return svg + "</g>\n";
}

std::string grid_svg(const TimeAxis& axis, double bottom) {
  std::string svg;
  const double step = axis.to() - axis.from() > 50'000 ? 10'000 : 5000;
  for (double us = std::ceil(axis.from() / step) * step; us <= axis.to(); us += step)
    svg += fmt::format(
        "<line x1=\"{0:.2f}\" y1=\"{1}\" x2=\"{0:.2f}\" y2=\"{2:.2f}\"/>\n"
        "<text x=\"{0:.2f}\" y=\"{3}\" text-anchor=\"middle\">{4:.0f}</text>\n",
        axis.x(us), kTop - 8, bottom, kTop - 14, us);
  return svg;
}

constexpr std::string_view kStyle = R"(<style>
svg { background: #fff; font: 12px sans-serif; }
line { stroke: #ccc; stroke-width: 1; }
.color { fill: #7fb2e5; }
.depth { fill: #e3e3e3; }
.laser { fill: #c62828; }
</style>
)";

}  // namespace

std::string plan_svg(const rig::Plan& plan) {
  const TimeAxis axis(plan);
  const double bottom = kTop + kRow * static_cast<double>(plan.timelines.size());
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n{2}"
      "<title>{3}: one frame, us after the pulse</title>\n",
      kNames + kFrame + 30, bottom + 30, kStyle, escaped(plan.rig.name));
  svg += grid_svg(axis, bottom);
  for (std::size_t i = 0; i < plan.timelines.size(); ++i)
    svg += unit_svg(axis, plan.rig.units[i], plan.timelines[i], kTop + kRow * static_cast<double>(i));
  svg += fmt::format(
      "<text x=\"{}\" y=\"{:.2f}\">blue: colour exposure; grey: depth exposure; red: laser; us after the "
      "pulse</text>\n</svg>\n",
      kNames, bottom + 20);
  return svg;
}

}  // namespace genlock::cli
