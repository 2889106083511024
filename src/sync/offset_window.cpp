#include "sync/offset_window.h"

#include <utility>

namespace genlock::sync {
namespace {

constexpr double kWindow = 1.0;  // s

}  // namespace

Window make_window(std::span<const Point> points, std::size_t begin) {
  Window window{.begin = begin, .end = begin + points.size(), .noise = neighbour_sd(points)};
  std::vector<double> values;
  values.reserve(points.size());
  for (const Point& p : points) {
    window.t += p.t / static_cast<double>(points.size());
    values.push_back(p.value);
  }
  window.centre = middle_mean(values);
  return window;
}

std::optional<Window> WindowCutter::add(const Point& point) {
  std::optional<Window> window;
  if (open_.size() >= kFewest && point.t - open_.front().t >= kWindow) {
    window = make_window(open_, begin_);
    begin_ += open_.size();
    closed_.swap(open_);
    open_.clear();
  }
  open_.push_back(point);
  return window;
}

std::optional<Window> WindowCutter::rest() {
  const bool stands_alone = begin_ == 0 ? !open_.empty() : open_.size() >= kFewest;
  if (!stands_alone) return std::nullopt;
  const Window window = make_window(open_, begin_);
  begin_ += open_.size();
  closed_ = std::exchange(open_, {});
  return window;
}

}  // namespace genlock::sync
