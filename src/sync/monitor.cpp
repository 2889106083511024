#include "sync/monitor.h"

#include <set>
#include <tuple>

#include "sync/judge.h"

namespace genlock::sync {
namespace {

using FindingKey = std::tuple<Code, std::optional<std::size_t>, std::optional<Stream>>;

FindingKey key_of(const Finding& f) {
  return {f.code, f.unit, f.stream};
}

bool possible(DeviceTime stamp) {
  return stamp.time_since_epoch() >= -kLargestStamp && stamp.time_since_epoch() <= kLargestStamp;
}

// What the exposure moves the middle of a frame by, µs; negative when not known (facts device.md 2.6).
float half_exposure_us(const UnitDescription& unit, const Observation& frame) {
  const DeviceDuration depth = unit.depth ? depth_exposure(unit.depth_mode) : DeviceDuration{};
  if (!unit.color) return static_cast<float>(count_us(depth)) / 2;
  if (!frame.exposure || *frame.exposure <= DeviceDuration{}) return -1;
  return static_cast<float>(count_us(std::max(*frame.exposure, depth))) / 2;
}

}  // namespace

struct Monitor::State {
  std::vector<UnitData> units;
  std::set<FindingKey> told;
};

Monitor::Monitor(std::vector<UnitDescription> units) : state_(std::make_unique<State>()) {
  for (UnitDescription& unit : units) state_->units.emplace_back(std::move(unit));
}
Monitor::~Monitor() = default;
Monitor::Monitor(Monitor&&) noexcept = default;
Monitor& Monitor::operator=(Monitor&&) noexcept = default;

void Monitor::add(const Observation& frame) {
  if (frame.unit >= state_->units.size()) return;
  UnitData& unit = state_->units[frame.unit];
  if (!possible(frame.device)) {
    ++unit.impossible_stamps;
    return;
  }
  PulseLine& line = frame.stream == Stream::color ? unit.color : unit.depth;
  line.add(fine_time(frame.device), half_exposure_us(unit.description, frame));
  if (frame.host) unit.host.add(frame.device, *frame.host, {});
}

void Monitor::add(std::size_t unit, const HostPair& pair) {
  if (unit < state_->units.size() && possible(pair.device))
    state_->units[unit].host.add(pair.device, pair.monotonic, pair.utc);
}

void Monitor::add(std::size_t unit, const JackObservation& jacks) {
  if (unit < state_->units.size()) state_->units[unit].jacks.push_back(jacks);
}

std::vector<Finding> Monitor::poll_findings() {
  std::vector<Finding> fresh;
  for (Finding& finding : report().findings)
    if (state_->told.insert(key_of(finding)).second) fresh.push_back(std::move(finding));
  return fresh;
}

Report Monitor::report() const {
  return judge(state_->units);
}

}  // namespace genlock::sync
