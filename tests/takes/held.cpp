#include "takes/held.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "recording/reader.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
using recording::TrackKind;

/// From a pulse to the host's getting the colour frame: its exposure of 8.33 ms is centred with the depth
/// camera's of 12.8 ms, if that is on (docs/bench.md, Placement), and the bench's way to the host takes 90
/// ms.
HostDuration pulse_to_host(bool depth) {
  const std::chrono::microseconds color(8330), longer = depth ? std::chrono::microseconds(12'800) : color;
  return longer / 2 + color / 2 + std::chrono::milliseconds(90);
}

std::string stream_text(const std::vector<std::int64_t>& pulses, std::int64_t first, std::int64_t last,
                        std::int64_t struck) {
  const auto asked = static_cast<std::size_t>(last - first + 1);
  if (pulses.size() == asked) return "";
  if (pulses.empty()) return "nothing";
  const bool prefix =
      pulses.front() == first && pulses.back() - first + 1 == static_cast<std::int64_t>(pulses.size());
  if (!prefix) return fmt::format("lacks {} of {}", asked - pulses.size(), asked);
  return fmt::format("{} of {} until the {}", pulses.size(), asked,
                     pulses.back() <= struck ? "fault" : "error");
}

std::string unit_text(const HeldUnit& unit, std::int64_t first, std::int64_t last, std::int64_t struck) {
  if (unit.file.empty()) return unit.name + " no file";
  const std::string color = unit.has_color ? stream_text(unit.color, first, last, struck) : "";
  const std::string depth = unit.has_depth ? stream_text(unit.depth, first, last, struck) : "";
  if (color == depth) return color.empty() ? "" : fmt::format("{} {}", unit.name, color);
  std::string text = unit.name;
  if (!color.empty()) text += " colour " + color;
  if (!depth.empty()) text += fmt::format("{} depth {}", color.empty() ? "" : ",", depth);
  return text;
}

/// The frames of a killed recorder's last second are without their numbers, which are counted on by the
/// stamps; those of its first second from the take's first pulse on.
std::vector<std::int64_t> pulses_of(const std::vector<recording::FrameEntry>& frames, TrackKind track,
                                    std::int64_t first, HostDuration period) {
  std::vector<std::int64_t> pulses;
  const double period_us = std::chrono::duration<double, std::micro>(period).count();
  DeviceTime last{};
  for (const recording::FrameEntry& frame : frames) {
    if (frame.track != track) continue;
    const double since = static_cast<double>(count_us(frame.device_time - last)) / period_us;
    const std::int64_t counted = pulses.empty() ? first : pulses.back() + std::llround(since);
    pulses.push_back(frame.pulse.value_or(counted));
    last = frame.device_time;
  }
  return pulses;
}

std::vector<std::pair<std::int64_t, HostTime>> arrivals_of(const std::vector<recording::FrameEntry>& frames) {
  std::vector<std::pair<std::int64_t, HostTime>> arrivals;
  for (const recording::FrameEntry& frame : frames)
    if (frame.track == TrackKind::color && frame.pulse && frame.host_time)
      arrivals.emplace_back(*frame.pulse, *frame.host_time);
  return arrivals;
}

/// Each pulse at most once, rising, and within the take.
bool in_order(const std::vector<std::int64_t>& pulses, std::int64_t first, std::int64_t last) {
  return std::ranges::adjacent_find(pulses, std::greater_equal<>()) == pulses.end() &&
         (pulses.empty() || (pulses.front() >= first && pulses.back() <= last));
}

}  // namespace

HeldUnit held_unit(const fs::path& file, const take::Take& take) {
  take::Take alone = take;
  alone.units = {{.name = file.stem().string(), .files = {{.name = file.filename().string()}}}};
  return HeldTake(file.parent_path(), alone).units().front();
}

HeldTake::HeldTake(const fs::path& folder, const take::Take& take)
    : first_(take.first_pulse.value_or(0)),
      last_(take.last_pulse.value_or(0)),
      period_(std::chrono::nanoseconds(1'000'000'000 / fps(take.rate))) {
  for (const take::TakenUnit& taken : take.units) {
    HeldUnit unit{.name = taken.name};
    if (!taken.files.empty()) unit.file = folder / taken.files.front().name;
    read(unit);
    units_.push_back(std::move(unit));
  }
}

void HeldTake::read(HeldUnit& unit) {
  if (unit.file.empty()) return;
  const auto reader = recording::Reader::open_recording(unit.file);
  if (!reader) return unit.problems.push_back(reader.error().message());
  const auto survey = (*reader)->survey();
  if (!survey) return unit.problems.push_back(survey.error().message());
  unit.problems = survey->problems;
  unit.finished = survey->finalised;
  unit.has_color = (*reader)->info().color_track;
  unit.has_depth = (*reader)->info().depth_track || (*reader)->info().ir_track;
  const TrackKind depth = (*reader)->info().depth_track ? TrackKind::depth : TrackKind::ir;
  for (const TrackKind track : {TrackKind::color, depth}) {
    std::vector<std::int64_t>& pulses = track == TrackKind::color ? unit.color : unit.depth;
    pulses = pulses_of(survey->frames, track, first_, period_);
  }
  if (arrivals_.empty()) arrivals_ = arrivals_of(survey->frames);
  if (!in_order(unit.color, first_, last_) || !in_order(unit.depth, first_, last_))
    unit.problems.emplace_back("pulses out of order, twice, or outside of the take");
}

std::int64_t HeldTake::pulse_at(HostTime bench) const {
  return static_cast<std::int64_t>(std::floor(position_of(bench)));
}

/// The period is that of the bench's pulses, whose maker's clock may be off.
double HeldTake::position_of(HostTime bench) const {
  if (arrivals_.size() < 2) return static_cast<double>(first_);
  const auto& [first, first_at] = arrivals_.front();
  const auto& [last, last_at] = arrivals_.back();
  const auto period = std::chrono::duration<double>(last_at - first_at) / static_cast<double>(last - first);
  return static_cast<double>(first) +
         std::chrono::duration<double>(bench + pulse_to_host(units_.front().has_depth) - first_at) / period;
}

std::string HeldTake::text(std::int64_t struck) const {
  std::string all;
  for (const HeldUnit& unit : units_) {
    const std::string text = unit_text(unit, first_, last_, struck);
    if (!text.empty()) all += (all.empty() ? "" : "; ") + text;
  }
  return all.empty() ? "all" : all;
}

std::vector<std::string> HeldTake::problems() const {
  std::vector<std::string> all;
  for (const HeldUnit& unit : units_)
    for (const std::string& problem : unit.problems) all.push_back(unit.name + ": " + problem);
  return all;
}

}  // namespace genlock::test
