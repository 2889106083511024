#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Charts as SVG inside an HTML page; colours are the page's (report_style.h).

namespace genlock::cli {

/// What HTML and XML allow of a text: markup escaped, control characters and bytes that are no UTF-8
/// replaced.
std::string escaped_html(std::string_view text);

struct Range {
  double from = 0, to = 1;
  double span() const { return to - from; }
  bool holds(double value) const { return value >= from && value <= to; }
};

/// About `count` round values in the range.
std::vector<double> round_ticks(Range range, int count);
/// The same of seconds: steps that clocks have.
std::vector<double> time_ticks(Range seconds, int count);
/// "12.5 s", "1:05", "1:02:05", as fine as the range asks for.
std::string time_label(double seconds, Range range);

/// A band around a line. Points of equal `x` are left to right.
struct ChartPoint {
  double x = 0, value = 0, low = 0, high = 0;
};
/// At most `most` points: those of equal stretches, with all of their bands in one.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, std::size_t most);

/// One drawing area with its axes, in user units of the SVG.
class Chart {
 public:
  struct Layout {
    double width = 1000, height = 160;
    double left = 64, right = 16, top = 12, bottom = 26;
  };
  Chart(Layout layout, Range x, Range y, std::string name);

  double px(double x) const;  ///< not beyond the drawing area, nor is py
  double py(double y) const;

  using Label = std::function<std::string(double)>;
  void x_axis(const std::vector<double>& ticks, const Label& label);
  void y_axis(const std::vector<double>& ticks, const Label& label);
  void level(std::string_view kind, double y);
  void rect(std::string_view kind, Range x, Range y, std::string_view title = "");
  void line(std::string_view kind, const std::vector<ChartPoint>& points);
  void band(std::string_view kind, const std::vector<ChartPoint>& points);
  /// At a place in user units.
  void text(std::string_view kind, double left, double base, std::string_view text);
  void raw(std::string_view svg) { svg_ += svg; }

  std::string svg() const;

 private:
  const Layout layout_;
  const Range x_, y_;
  const std::string name_;
  std::string svg_;
};

}  // namespace genlock::cli
