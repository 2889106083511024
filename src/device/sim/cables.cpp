#include "device/sim/cables.h"

#include <map>
#include <string_view>

namespace genlock::device::sim {
namespace {

bool pulled(const BenchState& state, std::size_t unit, Jack jack) {
  return state.units[unit].jack_pulled[static_cast<std::size_t>(jack)];
}

bool gives_own_pulses(const UnitState& unit, HostTime at) {
  return unit.train.id != 0 && at < unit.train.end;
}

}  // namespace

Wiring::Wiring(const BenchConfig& config) : units_(config.units.size()) {
  std::map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < config.units.size(); ++i) numbers[config.units[i].name] = i;
  const auto plug = [&](const CableEnd& here, const CableEnd& there) {
    if (here.unit.empty()) return;
    Jacks& jacks = units_[numbers.at(here.unit)];
    (here.jack == Jack::in ? jacks.in : jacks.out) = true;
    if (here.jack != Jack::in) return;
    jacks.from_trigger = there.unit.empty();
    if (!there.unit.empty() && there.jack == Jack::out) jacks.from = numbers.at(there.unit);
  };
  for (const CableConfig& cable : config.cables) {
    plug(cable.from, cable.to);
    plug(cable.to, cable.from);
  }
}

std::optional<PulseSource> Wiring::pulse_source(const BenchState& state, std::size_t unit,
                                                HostTime at) const {
  std::size_t here = unit;
  for (std::size_t hops = 0; hops < units_.size(); ++hops) {
    const Jacks& jacks = units_[here];
    if (pulled(state, here, Jack::in)) return std::nullopt;
    const int repeaters = static_cast<int>(hops);
    if (jacks.from_trigger) {
      if (state.trigger.id == 0) return std::nullopt;
      return PulseSource{.train = state.trigger, .hops = repeaters, .maker = {}};
    }
    if (!jacks.from || pulled(state, *jacks.from, Jack::out)) return std::nullopt;
    here = *jacks.from;
    const UnitState& source = state.units[here];
    if (gives_own_pulses(source, at))
      return PulseSource{.train = source.train, .hops = repeaters, .maker = here};
    if (!source.plugged) return std::nullopt;
  }
  return std::nullopt;
}

SyncJacks Wiring::jacks(const BenchState& state, std::size_t unit) const {
  return {.in = units_[unit].in && !pulled(state, unit, Jack::in),
          .out = units_[unit].out && !pulled(state, unit, Jack::out)};
}

}  // namespace genlock::device::sim
