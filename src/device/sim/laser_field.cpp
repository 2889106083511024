#include "device/sim/laser_field.h"

#include <algorithm>

namespace genlock::device::sim {
namespace {

/// No frame is at the host sooner after its exposure: validate() sees to that.
constexpr HostDuration kLeastLatency = std::chrono::milliseconds(30);
/// So many events are kept for frames that nobody has asked about; more than that and the oldest take effect.
constexpr std::size_t kMaxWaiting = 4096;

bool concerns_lasers(const Event& event) {
  return takes_depth_away(event) || event.kind == EventKind::start || event.kind == EventKind::stop ||
         event.kind == EventKind::power || event.kind == EventKind::jack ||
         event.kind == EventKind::trigger || event.kind == EventKind::control;
}

}  // namespace

LaserField::LaserField(const BenchConfig& bench, const BenchState& state, std::size_t observer)
    : bench_(bench), wiring_(bench), observer_(observer), state_(state) {
  for (std::size_t unit = 0; unit < bench.units.size(); ++unit)
    if (state.units[unit].running) add(unit);
}

/// A unit that has just started, or runs as the state has it. One that shows a recording is not in the room.
void LaserField::add(std::size_t unit) {
  if (unit == observer_ || bench_.units[unit].images != "scene") return;
  if (!has_laser(state_.units[unit].config.depth_mode)) return;
  const auto after = std::ranges::find_if(neighbours_, [&](const Neighbour& n) { return n.unit > unit; });
  neighbours_.insert(after, Neighbour{.unit = unit, .exposures = UnitExposures(bench_, state_, unit)});
}

void LaserField::on_event(const Event& event) {
  if (!concerns_lasers(event)) return;
  if (waiting_.size() == kMaxWaiting) {
    apply_event(waiting_.front());
    waiting_.pop_front();
  }
  waiting_.push_back(event);
}

void LaserField::apply_event(const Event& event) {
  apply(state_, event, bench_, wiring_);
  const bool ends =
      event.kind == EventKind::start || event.kind == EventKind::stop || takes_depth_away(event);
  for (Neighbour& neighbour : neighbours_) {
    if (neighbour.off != kForever) continue;
    if (ends && neighbour.unit == event.unit) {
      neighbour.off = event.time;
    } else {
      neighbour.exposures.on_event(event, state_);
    }
  }
  if (event.kind == EventKind::start) add(event.unit);
}

void LaserField::apply_events_before(HostTime t) {
  for (; !waiting_.empty() && waiting_.front().time < t; waiting_.pop_front()) apply_event(waiting_.front());
}

/// Works out a unit's exposures as far as they are certain when the bench is known up to `known`.
void LaserField::follow(Neighbour& neighbour, HostTime from, HostTime known) {
  UnitExposures& exposures = neighbour.exposures;
  exposures.leap_to(from);
  while (const auto frame = exposures.next(known))
    if (frame->depth) neighbour.centres.push_back(frame->depth_centre);
  const HostDuration half = on_host(laser_length(exposures.config().depth_mode)) / 2;
  std::erase_if(neighbour.centres, [&](HostTime centre) { return centre + half < from; });
  exposures.forget_before(from);
}

double LaserField::share(const Neighbour& neighbour, const LightWindows& windows, HostTime known) {
  const CameraConfig& config = neighbour.exposures.config();
  double share = 0;
  const auto add = [&](HostTime centre) {
    share += windows.share_lit_by({.mode = config.depth_mode, .centre = centre, .off = neighbour.off});
  };
  for (const HostTime centre : neighbour.centres) add(centre);
  // Depth that leads far enough is exposed before the pulse it belongs to, which is foreseen as things stand.
  const HostDuration half = on_host(laser_length(config.depth_mode) - depth_exposure(config.depth_mode)) / 2;
  const HostTime last_pulse = windows.end() + half - on_host(config.depth_delay_off_color);
  const HostTime certain = last_pulse + on_host(frame_period(config.rate)) / 8;
  if (certain <= known) return share;
  UnitExposures foreseen = neighbour.exposures;
  while (const auto frame = foreseen.next(certain))
    if (frame->depth) add(frame->depth_centre);
  return share;
}

std::vector<LaserOverlap> LaserField::seen_by(DepthMode mode, HostTime centre) {
  const LightWindows windows(mode, centre);
  const HostTime known = centre + on_host(depth_exposure(mode)) / 2 + kLeastLatency;
  apply_events_before(known);
  std::erase_if(neighbours_, [&](const Neighbour& n) { return n.off <= windows.begin(); });
  std::vector<LaserOverlap> overlaps;
  for (Neighbour& neighbour : neighbours_) {
    follow(neighbour, windows.begin(), known);
    const auto lit = static_cast<float>(share(neighbour, windows, known));
    if (lit <= 0) continue;
    const DepthMode lights = neighbour.exposures.config().depth_mode;
    overlaps.push_back({.unit = neighbour.unit, .mode = lights, .share = std::min(lit, 1.0F)});
  }
  return overlaps;
}

}  // namespace genlock::device::sim
