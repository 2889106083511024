#include "rig/laser_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace genlock::rig {
namespace {

using sync::LaserDuration;
using sync::LaserTrain;

constexpr LaserDuration kTick = device_ticks(1);

LaserTrain train_of(const Rig& rig, std::size_t unit) {
  const CameraConfig& camera = rig.units[unit].camera;
  return {camera.depth_mode, sync::laser_start(camera, rig.controls.exposure(), cables_before(rig, unit))};
}

bool may_interfere(const Rig& rig, std::size_t a, std::size_t b) {
  const auto shines = [&](std::size_t unit) { return has_laser(rig.units[unit].camera.depth_mode); };
  return (shines(a) || shines(b)) && share_an_area(rig.units[a], rig.units[b]);
}

/// Units whose pulses have the same spacing, so that they fit between each other's, and the place of each
/// among them. Units that do not see each other may have the same place.
struct Interleave {
  LaserDuration spacing{};
  LaserDuration pulse{};
  LaserDuration length{};  ///< of one train
  std::vector<std::size_t> units;
  std::vector<std::size_t> places;
  std::size_t used = 0;  ///< places

  /// Places between two pulses with this much clear time after each.
  std::size_t most(LaserDuration guard) const {
    if (spacing == LaserDuration{}) return 1;
    return std::max<std::size_t>(1, static_cast<std::size_t>((spacing / (pulse + guard)).value()));
  }
};

/// The first place that no unit has which may interfere with this one.
std::size_t free_place(const Rig& rig, const Interleave& group, std::size_t unit) {
  for (std::size_t place = 0;; ++place) {
    bool taken = false;
    for (std::size_t i = 0; i < group.places.size(); ++i)
      taken |= group.places[i] == place && may_interfere(rig, group.units[i], unit);
    if (!taken) return place;
  }
}

std::vector<Interleave> interleaves(const Rig& rig) {
  std::vector<Interleave> groups;
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit) {
    if (!rig.units[unit].camera.depth_on()) continue;
    const LaserTrain train = train_of(rig, unit);
    auto group = std::ranges::find(groups, train.spacing(), &Interleave::spacing);
    if (group == groups.end())
      group = groups.insert(groups.end(),
                            {.spacing = train.spacing(), .pulse = train.pulse(), .length = train.length()});
    const std::size_t place = free_place(rig, *group, unit);
    group->units.push_back(unit);
    group->places.push_back(place);
    group->used = std::max(group->used, place + 1);
  }
  return groups;
}

/// Places that lie between each other's pulses, and when in the frame they are.
struct Block {
  std::size_t group = 0;
  std::size_t first = 0;  ///< place of the group
  std::size_t places = 0;
  LaserDuration step{};
  LaserDuration length{};
  LaserDuration start{};
};

std::vector<Block> blocks_of(const std::vector<Interleave>& groups, LaserDuration guard) {
  std::vector<Block> blocks;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Interleave& group = groups[g];
    const std::size_t count = (group.used + group.most(guard) - 1) / group.most(guard);
    for (std::size_t b = 0; b < count; ++b) {
      Block block{.group = g, .first = group.used * b / count};
      block.places = group.used * (b + 1) / count - block.first;
      block.step = group.spacing / block.places;
      block.length = group.length + block.step * (block.places - 1);
      blocks.push_back(block);
    }
  }
  return blocks;
}

Error no_room(const Rig& rig, const std::vector<Interleave>& groups, LaserDuration needed) {
  std::vector<std::string> parts;
  for (const Interleave& group : groups) {
    const CameraConfig& camera = rig.units[group.units.front()].camera;
    parts.push_back(fmt::format("{} of {}", group.used,
                                has_laser(camera.depth_mode)
                                    ? fmt::format("{} us pulses", sync::to_us(group.spacing))
                                    : std::string(to_string(camera.depth_mode))));
  }
  return Error(
      Errc::invalid,
      fmt::format("{}: the lasers of units that see each other ({}) need {:.0f} us with a guard of {} us, "
                  "but a frame at {} fps has {:.0f} us; say with areas which units do not see each other, or "
                  "take a lower rate, fewer depth modes or a smaller guard",
                  rig.file.string(), fmt::join(parts, ", "), sync::to_us(needed), count_us(rig.guard),
                  fps(rig.rate()), sync::to_us(frame_period(rig.rate()))));
}

/// Puts the blocks one behind the other with the same clear time after each. One alone has the frame for
/// itself.
Status place_blocks(const Rig& rig, const std::vector<Interleave>& groups, std::vector<Block>& blocks) {
  if (blocks.size() < 2) return {};
  LaserDuration needed{};
  for (const Block& block : blocks) needed += block.length + LaserDuration(rig.guard);
  const LaserDuration rest = LaserDuration(frame_period(rig.rate())) - needed;
  // Programmed delays are off by up to a tick.
  if (rest < kTick * blocks.size()) return no_room(rig, groups, needed);
  const LaserDuration clear = LaserDuration(rig.guard) + rest / blocks.size();
  for (std::size_t b = 1; b < blocks.size(); ++b)
    blocks[b].start = blocks[b - 1].start + blocks[b - 1].length + clear;
  return {};
}

/// The request that a unit makes the nearest number of ticks of (facts device.md 2.1: it truncates toward
/// zero).
DeviceDuration request_for(LaserDuration delay) {
  const std::int64_t count = delay.count().value();
  const std::int64_t tick = kTick.count().value();
  const std::int64_t ticks = (count >= 0 ? count + tick / 2 : count - tick / 2) / tick;
  const std::int64_t hundredths = ticks * 100;
  return device_us(ticks >= 0 ? (hundredths + 8) / 9 : -((-hundredths + 8) / 9));
}

/// Delays a unit so that its train begins at `start` after that of an undelayed one, in whichever frame.
Status delay_unit(const Rig& rig, RigUnit& unit, LaserDuration delay) {
  const LaserDuration period = frame_period(rig.rate());
  if (unit.camera.color_on()) {
    if (delay > period / 2) delay -= period;
    unit.camera.depth_delay_off_color = request_for(delay);
    return {};
  }
  if (delay < LaserDuration{}) delay += period;
  const DeviceDuration request = request_for(delay);
  if (unit.camera.sync_mode == WiredSyncMode::subordinate) {
    unit.camera.delay_off_master = std::min(request, period_us(rig.rate()));
    return {};
  }
  return Error(Errc::invalid,
               fmt::format("{}:{}: unit {} ({}): its laser must be moved by {} us, but a unit that is "
                           "neither subordinate nor has colour cannot be delayed; switch colour on",
                           rig.file.string(), unit.line, unit.serial, unit.name, count_us(request)));
}

}  // namespace

std::vector<std::optional<LaserTrain>> laser_trains(const Rig& rig) {
  std::vector<std::optional<LaserTrain>> trains(rig.units.size());
  for (std::size_t unit = 0; unit < rig.units.size(); ++unit)
    if (rig.units[unit].camera.depth_on()) trains[unit] = train_of(rig, unit);
  return trains;
}

std::vector<LaserPair> laser_pairs(const Rig& rig) {
  const auto trains = laser_trains(rig);
  std::vector<LaserPair> pairs;
  for (std::size_t a = 0; a < trains.size(); ++a)
    for (std::size_t b = a + 1; b < trains.size(); ++b)
      if (trains[a] && trains[b] && may_interfere(rig, a, b))
        pairs.push_back({a, b, sync::laser_gap(*trains[a], *trains[b], rig.rate())});
  std::ranges::stable_sort(pairs, {}, &LaserPair::gap);
  return pairs;
}

Status spread_lasers(Rig& rig) {
  for (RigUnit& unit : rig.units)
    unit.camera.depth_delay_off_color = unit.camera.delay_off_master = DeviceDuration{};
  const std::vector<Interleave> groups = interleaves(rig);
  if (groups.empty()) return {};
  std::vector<Block> blocks = blocks_of(groups, rig.guard);
  GENLOCK_TRY(place_blocks(rig, groups, blocks));
  const LaserDuration first = train_of(rig, groups.front().units.front()).start();
  for (const Block& block : blocks) {
    const Interleave& group = groups[block.group];
    for (std::size_t i = 0; i < group.units.size(); ++i) {
      if (group.places[i] < block.first || group.places[i] >= block.first + block.places) continue;
      const std::size_t unit = group.units[i];
      const LaserDuration wanted = first + block.start + block.step * (group.places[i] - block.first);
      GENLOCK_TRY(delay_unit(rig, rig.units[unit], wanted - train_of(rig, unit).start()));
    }
  }
  return {};
}

}  // namespace genlock::rig
