#include "sync/monitor.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "sync/judge.h"
#include "sync/live_take.h"

namespace genlock::sync {
namespace {

using FindingKey = std::tuple<Code, Severity, std::optional<std::size_t>, std::optional<Stream>>;

FindingKey key_of(const Finding& f) {
  return {f.code, f.severity, f.unit, f.stream};
}

// Far enough from the limits of its count for differences to be safe.
bool possible(HostTime time) {
  return count_ns(time) > count_ns(HostTime::min()) / 2 && count_ns(time) < count_ns(HostTime::max()) / 2;
}

// What the exposure moves the middle of a frame by, µs; negative when not known (facts device.md 2.6).
float half_exposure_us(const UnitDescription& unit, const Observation& frame) {
  const DeviceDuration depth = unit.depth ? depth_exposure(unit.depth_mode) : DeviceDuration{};
  if (!unit.color) return static_cast<float>(count_us(depth)) / 2;
  if (!frame.exposure || *frame.exposure <= DeviceDuration{}) return -1;
  return static_cast<float>(count_us(std::max(*frame.exposure, depth))) / 2;
}

// The transfer of a frame begins with the end of its exposure; taking out what is known of that leaves
// latencies alike.
HostTime middle_of_exposure(const UnitDescription& unit, const Observation& frame) {
  const DeviceDuration exposure = frame.stream == Stream::depth ? depth_exposure(unit.depth_mode)
                                                                : frame.exposure.value_or(DeviceDuration{});
  const bool plausible = exposure > DeviceDuration{} && exposure < device_us(1'000'000);
  return *frame.host - std::chrono::nanoseconds(plausible ? count_us(exposure) * 500 : 0);
}

void note_pulse(UnitData& unit, const Observation& frame) {
  std::vector<std::int64_t>& pulses = unit.recorded_pulses(frame.stream);
  pulses.resize(unit.line(frame.stream).frames().size(), kNoPulse);
  pulses.back() = *frame.pulse;
}

}  // namespace

struct Monitor::State {
  explicit State(std::vector<UnitDescription> descriptions)
      : units(std::make_move_iterator(descriptions.begin()), std::make_move_iterator(descriptions.end())),
        live(units) {}

  std::vector<UnitData> units;
  LiveTake live;
  std::set<FindingKey> told;
};

Monitor::Monitor(std::vector<UnitDescription> units) : state_(std::make_unique<State>(std::move(units))) {}
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
  if (frame.pulse) note_pulse(unit, frame);
  if (frame.exposure && frame.stream == Stream::color) unit.exposures.add(frame.device, *frame.exposure);
  if (frame.host && possible(*frame.host))
    unit.host.add(frame.device, middle_of_exposure(unit.description, frame), {});
  state_->live.added(frame.unit, frame.stream);
}

void Monitor::add(std::size_t unit, const HostPair& pair) {
  if (unit < state_->units.size() && possible(pair.device) && possible(pair.monotonic))
    state_->units[unit].host.add(pair.device, pair.monotonic, pair.utc);
}

void Monitor::add(std::size_t unit, const JackObservation& jacks) {
  if (unit >= state_->units.size()) return;
  state_->units[unit].jacks.push_back(jacks);
  state_->live.added(unit, jacks);
}

void Monitor::ended(std::size_t unit) {
  state_->live.ended(unit);
}

std::vector<Finding> Monitor::poll_findings() {
  std::vector<Finding> fresh = state_->live.poll();
  for (const Finding& finding : fresh) state_->told.insert(key_of(finding));
  return fresh;
}

std::vector<Finding> Monitor::untold(const Report& report) const {
  std::vector<Finding> untold;
  std::ranges::copy_if(report.findings, std::back_inserter(untold),
                       [&](const Finding& f) { return !state_->told.contains(key_of(f)); });
  return untold;
}

std::vector<LiveOffset> Monitor::live_offsets() const {
  return state_->live.offsets();
}

std::uint64_t Monitor::frames_looked_at() const {
  return state_->live.frames_read();
}

Report Monitor::report() const {
  return judge(state_->units);
}

NumberedReport Monitor::numbered_report() const {
  return judge_numbered(state_->units);
}

}  // namespace genlock::sync
