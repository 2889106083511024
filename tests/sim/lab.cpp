#include "lab.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace genlock::device::sim {

Lab::Lab(std::size_t units) {
  timelines_.resize(units);
  fields_.resize(units);
  for (std::size_t i = 0; i < units; ++i) {
    UnitConfig unit;
    unit.name = std::string(1, static_cast<char>('a' + i));
    unit.jitter_ticks = unit.depth_jitter_ticks = 0;
    unit.counter_offset = device_ticks(0);
    unit.sensor_start = std::chrono::milliseconds(550);
    if (i > 0)
      config.cables.push_back({.from = {config.units[i - 1].name, Jack::out}, .to = {unit.name, Jack::in}});
    config.units.push_back(unit);
  }
  switch_on();
}

void Lab::event(HostDuration at, Event event) {
  event.time = boot + at;
  apply(state_, event, config, Wiring(config));
  for (const auto& timeline : timelines_)
    if (timeline) timeline->on_event(event, state_);
  for (const auto& field : fields_)
    if (field) field->on_event(event);
}

void Lab::start(std::size_t unit, HostDuration at, const CameraConfig& cameras) {
  timelines_[unit].reset();
  fields_[unit].reset();
  event(at, {.kind = EventKind::start, .unit = static_cast<std::uint8_t>(unit), .config = cameras});
  timelines_[unit] = std::make_unique<UnitTimeline>(config, state_, unit);
  fields_[unit] = std::make_unique<LaserField>(config, state_, unit);
}

void Lab::stop(std::size_t unit, HostDuration at) {
  timelines_[unit].reset();
  fields_[unit].reset();
  event(at, {.kind = EventKind::stop, .unit = static_cast<std::uint8_t>(unit)});
}

std::vector<Frame> Lab::frames(std::size_t unit, HostDuration until) {
  std::vector<Frame> frames;
  timelines_[unit]->deliver(boot + until, [&](const Frame& frame) { frames.push_back(frame); });
  return frames;
}

std::vector<LaserOverlap> Lab::lasers_in(std::size_t unit, const Frame& depth) {
  return fields_[unit]->seen_by(state_.units[unit].config.depth_mode, depth.centre);
}

CameraConfig cameras(WiredSyncMode mode, FrameRate rate) {
  return {.color_resolution = ColorResolution::r720p,
          .depth_mode = DepthMode::nfov_2x2binned,
          .rate = rate,
          .sync_mode = mode};
}

std::int64_t ticks(const Frame& frame) {
  return count_ticks(frame.stamp);
}

std::vector<Frame> only(FrameStream stream, const std::vector<Frame>& frames) {
  std::vector<Frame> found;
  std::ranges::copy_if(frames, std::back_inserter(found), [&](const Frame& f) { return f.stream == stream; });
  return found;
}

Frame at_pulse(const std::vector<Frame>& frames, FrameStream stream, std::uint64_t pulse) {
  for (const Frame& frame : frames)
    if (frame.stream == stream && frame.pulse == pulse) return frame;
  ADD_FAILURE() << "no frame of pulse " << pulse;
  return {};
}

}  // namespace genlock::device::sim
