#include "rig/take_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace genlock::rig {
namespace {

constexpr int kPollShare = 10;  // of the time, a poll takes at most one part in so many

sync::UnitDescription describe(const RigUnit& unit) {
  return {.name = unit.name,
          .serial = unit.serial,
          .sync_mode = unit.camera.sync_mode,
          .rate = unit.camera.rate,
          .delay_off_master = unit.camera.delay_off_master,
          .depth_delay_off_color = unit.camera.depth_delay_off_color,
          .color = unit.camera.color_on(),
          .depth = unit.camera.depth_on(),
          .depth_mode = unit.camera.depth_mode};
}

}  // namespace

TakeWatch::TakeWatch(const Rig& rig, Clock& clock)
    : clock_(clock), rate_(rig.rate()), newest_(rig.units.size()) {
  for (std::size_t i = 0; i < rig.units.size(); ++i) {
    units_.push_back(describe(rig.units[i]));
    units_.back().fed_by = fed_by(rig, i);
  }
}

void TakeWatch::opened(std::size_t unit, const session::Opened& as) {
  units_[unit].simulated = as.simulated;
  units_[unit].host = as.host;
}

sync::Monitor& TakeWatch::monitor() {
  if (!monitor_) monitor_.emplace(units_);
  return *monitor_;
}

std::optional<std::int64_t> TakeWatch::newest() const {
  return *std::max_element(newest_.begin(), newest_.end());  // nothing is less than any pulse
}

take::Incident TakeWatch::incident(std::size_t unit, sync::Severity severity, std::string text) const {
  return {.unit = unit,
          .pulse = newest_[unit],
          .utc = clock_.wall_now(),
          .severity = std::string(to_string(severity)),
          .text = std::move(text)};
}

std::vector<take::Incident> TakeWatch::take(std::size_t unit, const session::Event& event) {
  if (const auto* frames = std::get_if<session::Frames>(&event)) {
    watch(unit, *frames);
    return poll();
  }
  if (const auto* warning = std::get_if<session::Warning>(&event))
    return {incident(unit, sync::Severity::warning, warning->text)};
  const auto* ended = std::get_if<session::RecordingEnded>(&event);
  if (ended != nullptr) monitor().ended(unit);
  if (ended != nullptr && !ended->error.empty())
    return {incident(unit, sync::Severity::failure, ended->error)};
  return {};
}

void TakeWatch::watch(std::size_t unit, const session::Frames& frames) {
  for (const session::Frames::Frame& frame : frames.frames) {
    const bool color = frame.stream == session::StreamKind::color;
    monitor().add({.unit = unit,
                   .stream = color ? sync::Stream::color : sync::Stream::depth,
                   .device = frame.stamp,
                   .host = frame.host,
                   .exposure = frame.exposure});
    newest_[unit] = std::max(newest_[unit].value_or(frame.pulse), frame.pulse);
  }
  for (const HostPair& pair : frames.host_pairs) monitor().add(unit, pair);
  for (const JackObservation& jacks : frames.jacks) monitor().add(unit, jacks);
}

std::vector<take::Incident> TakeWatch::poll() {
  const auto now = newest();
  const HostTime begun = clock_.now();
  if (!now || begun < next_poll_ || (polled_ && *now < *polled_ + fps(rate_))) return {};
  polled_ = now;
  std::vector<take::Incident> seen;
  for (sync::Finding& finding : monitor().poll_findings()) seen.push_back(incident(std::move(finding)));
  offsets_ = Offsets{monitor().live_offsets()};
  next_poll_ = begun + kPollShare * (clock_.now() - begun);
  return seen;
}

std::optional<Offsets> TakeWatch::take_offsets() {
  return std::exchange(offsets_, std::nullopt);
}

take::Incident TakeWatch::incident(sync::Finding finding) const {
  return {.unit = finding.unit,
          .pulse = finding.pulse || !finding.unit ? finding.pulse : newest_[*finding.unit],
          .utc = clock_.wall_now(),
          .severity = std::string(to_string(finding.severity)),
          .text = std::move(finding.text)};
}

std::vector<take::Incident> TakeWatch::untold(const sync::Report& report) {
  std::vector<take::Incident> left;
  for (sync::Finding& finding : monitor().untold(report))
    if (finding.severity != sync::Severity::note) left.push_back(incident(std::move(finding)));
  return left;
}

sync::Report TakeWatch::report() {
  return monitor().report();
}

}  // namespace genlock::rig
