#include "support/stamp_generator.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace genlock::test {
namespace {

class Generator {
 public:
  Generator(const StampPlan& plan, std::size_t unit, std::uint64_t seed)
      : plan_(plan), unit_(unit), random_(seed * 1000003 + unit) {}

  UnitEvents run() {
    for (std::int64_t n = plan_.first_pulse; n < plan_.first_pulse + plan_.frames; ++n) add_pulse(n);
    return std::move(events_);
  }

 private:
  double period_ticks() const {
    return static_cast<double>(count_ticks(frame_period(plan_.description.rate)));
  }

  std::int64_t jitter(std::int64_t most) {
    return most == 0 ? 0
                     : static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(2 * most + 1)) - most;
  }

  double center_ticks() const {
    const double color =
        plan_.description.color ? static_cast<double>(count_us(plan_.exposure.value_or(device_us(8330)))) : 0;
    const double depth = static_cast<double>(count_us(depth_exposure(plan_.description.depth_mode)));
    return std::max(color, plan_.description.depth ? depth : 0) / 2 * 0.09;
  }

  double delay_ticks() const {
    const DeviceDuration asked = plan_.description.sync_mode == WiredSyncMode::subordinate
                                     ? plan_.description.delay_off_master
                                     : DeviceDuration{};
    return static_cast<double>(count_ticks(programmed_ticks(asked + plan_.extra_delay)));
  }

  // When pulse n's frame is taken: on the unit's clock (ticks) and on the master's (ticks).
  struct Moment {
    double own = 0;
    double master = 0;
  };
  Moment moment(std::int64_t n) const {
    const double rate = 1 + plan_.ppm * 1e-6;
    const std::int64_t locked = std::min(n, plan_.unlocked_from.value_or(n));
    const double from = static_cast<double>(locked) * period_ticks() + center_ticks() + delay_ticks();
    const double free = static_cast<double>(n - locked) * period_ticks();
    if (plan_.disciplined) return {from + free, from + free / rate};
    return {from * rate + free, from + free / rate};
  }

  DeviceTime stamp(double ticks) const {
    return DeviceTime(api_time(device_ticks(std::llround(ticks))) - plan_.zeroed_late);
  }

  static DeviceDuration oddity(const std::map<std::int64_t, DeviceDuration>& outliers, std::int64_t n) {
    const auto outlier = outliers.find(n);
    return outlier == outliers.end() ? DeviceDuration{} : outlier->second;
  }

  void add_pulse(std::int64_t n) {
    const Moment at = moment(n);
    const DeviceDuration odd = oddity(plan_.outliers, n);
    if (plan_.description.color && !plan_.color_drops.contains(n))
      add_frame(sync::Stream::color, stamp(at.own + static_cast<double>(jitter(plan_.color_jitter))) + odd,
                at, n);
    const DeviceDuration shift = plan_.description.color
                                     ? plan_.description.depth_delay_off_color + plan_.extra_depth_delay
                                     : DeviceDuration{};
    const double later = static_cast<double>(count_ticks(programmed_ticks(shift) + plan_.depth_bias));
    const Moment depth{at.own + later, at.master + later};
    if (plan_.description.depth && !plan_.depth_drops.contains(n))
      add_frame(sync::Stream::depth,
                stamp(depth.own + static_cast<double>(jitter(plan_.depth_jitter))) + odd +
                    oddity(plan_.depth_outliers, n),
                depth, n);
    if (plan_.unplugged_from && (n == plan_.first_pulse || n == *plan_.unplugged_from))
      events_.jacks.push_back({stamp(at.own), {.in = n < *plan_.unplugged_from, .out = {}}});
  }

  void add_frame(sync::Stream stream, DeviceTime stamp, const Moment& at, std::int64_t n) {
    sync::Observation frame{.unit = unit_, .stream = stream, .device = stamp};
    if (stream == sync::Stream::color) frame.exposure = plan_.exposure;
    if (plan_.host_times) {
      const double latency =
          0.085 + 0.016 * std::abs(std::log((static_cast<double>(random_() % 1000) + 1) / 1000)) / 2;
      const double host = plan_.host_began_s + at.master / 90000 * (1 + 30e-6) + std::min(latency, 0.156);
      frame.host = HostTime(HostDuration(std::llround(host * 1e9)));
      const bool first_of_second = n % fps(plan_.description.rate) == 0;
      if (first_of_second) events_.pairs.push_back({stamp, *frame.host, utc(*frame.host)});
    }
    events_.frames.push_back(frame);
  }

  static WallTime utc(HostTime t) {
    return WallTime(std::chrono::nanoseconds(1'770'000'000'000'000'000 + count_ns(t)));
  }

  const StampPlan& plan_;
  std::size_t unit_;
  std::mt19937_64 random_;
  UnitEvents events_;
};

}  // namespace

UnitEvents generate(const StampPlan& plan, std::size_t unit, std::uint64_t seed) {
  return Generator(plan, unit, seed).run();
}

sync::Report report_of(const std::vector<StampPlan>& plans, std::uint64_t seed) {
  std::vector<sync::UnitDescription> units;
  for (const StampPlan& plan : plans) units.push_back(plan.description);
  sync::Monitor monitor(units);
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const UnitEvents events = generate(plans[i], i, seed);
    for (const sync::Observation& frame : events.frames) monitor.add(frame);
    for (const HostPair& pair : events.pairs) monitor.add(i, pair);
    for (const JackObservation& jacks : events.jacks) monitor.add(i, jacks);
  }
  return monitor.report();
}

StampPlan master_plan() {
  StampPlan plan;
  plan.description.name = "master";
  plan.description.serial = "900000412345";
  plan.description.sync_mode = WiredSyncMode::master;
  plan.description.color = plan.description.depth = true;
  plan.description.depth_mode = DepthMode::nfov_unbinned;
  plan.first_pulse = 6;
  return plan;
}

StampPlan subordinate_plan(const char* name) {
  StampPlan plan = master_plan();
  plan.description.name = name;
  plan.description.serial = std::string("serial of ") + name;
  plan.description.sync_mode = WiredSyncMode::subordinate;
  plan.first_pulse = 4;
  return plan;
}

}  // namespace genlock::test
