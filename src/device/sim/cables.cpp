#include "device/sim/cables.h"

#include <algorithm>

namespace genlock::device::sim {
namespace {

bool pulled(const BenchState& state, std::size_t unit, Jack jack) {
  return state.units[unit].jack_pulled[static_cast<std::size_t>(jack)];
}

/// The other end of the cable in that jack.
const CableEnd* other_end(const BenchConfig& config, std::size_t unit, Jack jack) {
  const CableEnd here{.unit = config.units[unit].name, .jack = jack};
  for (const CableConfig& cable : config.cables) {
    if (cable.to == here) return &cable.from;
    if (cable.from == here) return &cable.to;
  }
  return nullptr;
}

bool gives_own_pulses(const UnitState& unit, HostTime at) {
  return unit.train.id != 0 && at < unit.train.end;
}

}  // namespace

std::optional<PulseSource> pulse_source(const BenchConfig& config, const BenchState& state, std::size_t unit,
                                        HostTime at) {
  std::size_t here = unit;
  for (std::size_t hops = 0; hops < config.units.size(); ++hops) {
    const CableEnd* from = other_end(config, here, Jack::in);
    if (from == nullptr || pulled(state, here, Jack::in)) return std::nullopt;
    const int repeaters = static_cast<int>(hops);
    if (from->unit.empty()) {
      if (state.trigger.id == 0) return std::nullopt;
      return PulseSource{.train = state.trigger, .hops = repeaters};
    }
    const std::size_t next = *config.unit_index(from->unit);
    if (from->jack != Jack::out || pulled(state, next, Jack::out)) return std::nullopt;
    const UnitState& source = state.units[next];
    if (gives_own_pulses(source, at)) return PulseSource{.train = source.train, .hops = repeaters};
    if (!source.plugged) return std::nullopt;
    here = next;
  }
  return std::nullopt;
}

SyncJacks jacks(const BenchConfig& config, const BenchState& state, std::size_t unit) {
  const auto plug_in = [&](Jack jack) {
    return other_end(config, unit, jack) != nullptr && !pulled(state, unit, jack);
  };
  return {.in = plug_in(Jack::in), .out = plug_in(Jack::out)};
}

std::vector<std::size_t> upstream_units(const BenchConfig& config, std::size_t unit) {
  std::vector<std::size_t> found;
  std::size_t here = unit;
  while (found.size() < config.units.size()) {
    const CableEnd* from = other_end(config, here, Jack::in);
    if (from == nullptr || from->unit.empty()) break;
    here = *config.unit_index(from->unit);
    if (here == unit || std::ranges::find(found, here) != found.end()) break;
    found.push_back(here);
  }
  return found;
}

}  // namespace genlock::device::sim
