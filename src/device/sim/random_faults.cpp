#include "device/sim/random_faults.h"

#include <algorithm>
#include <cmath>

#include "device/sim/chance.h"

namespace genlock::device::sim {
namespace {

/// The faults of one [[random_fault]] on one unit.
class Series {
 public:
  Series(const BenchConfig& bench, const RandomFaultConfig& random, std::size_t number, std::size_t unit)
      : bench_(bench), random_(random), unit_(unit), draws_(number << 32), at_(random.first) {}

  /// The next one; nothing once the time is over.
  std::optional<FaultConfig> next() {
    // -log(1 - x) of an even x is spread exponentially, with mean 1.
    const double wait =
        -std::log1p(-random_unit(draw())) * static_cast<double>(random_.mean_interval.count());
    at_ += HostDuration(std::llround(std::min(wait, 1e17)));
    if (at_ > random_.until) return std::nullopt;
    FaultConfig fault{
        .unit = bench_.units[unit_].name, .kind = random_.kinds[draw() % random_.kinds.size()], .at = at_};
    const auto duration = random_in(draw(), random_.duration[0].count(), random_.duration[1].count());
    if (traits(fault.kind).lasts) at_ += fault.duration.emplace(duration);  // they do not overlap
    return fault;
  }

 private:
  std::uint64_t draw() { return random_bits(bench_.seed, Chance::random_fault, unit_, draws_++); }

  const BenchConfig& bench_;
  const RandomFaultConfig& random_;
  const std::size_t unit_;
  std::uint64_t draws_;
  HostDuration at_;
};

}  // namespace

BenchConfig with_random_faults(BenchConfig config) {
  std::vector<FaultConfig> drawn;
  for (std::size_t number = 0; number < config.random_faults.size(); ++number) {
    const RandomFaultConfig& random = config.random_faults[number];
    for (std::size_t unit = 0; unit < config.units.size(); ++unit) {
      const bool meant = random.units.empty() ||
                         std::ranges::find(random.units, config.units[unit].name) != random.units.end();
      if (!meant) continue;
      Series series(config, random, number, unit);
      std::size_t limit = kMaxFaults;
      for (auto fault = series.next(); fault && limit > 0; fault = series.next(), --limit)
        drawn.push_back(*fault);
    }
  }
  std::ranges::stable_sort(drawn, {}, &FaultConfig::at);
  drawn.resize(std::min(drawn.size(), kMaxFaults - std::min(kMaxFaults, config.faults.size())));
  config.faults.insert(config.faults.end(), drawn.begin(), drawn.end());
  config.random_faults.clear();
  return config;
}

}  // namespace genlock::device::sim
