// Whatever text comes as a rig file: it is understood or an error says something, and a plan that holds has
// no two lasers that shine together.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz_support.h"
#include "rig/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace genlock;
  auto rig = rig::parse_rig({reinterpret_cast<const char*>(data), size}, "rig.toml");
  if (!rig) {
    fuzz::require(!rig.error().message().empty());
    return 0;
  }
  const auto plan = rig::make_plan(*std::move(rig));
  if (!plan) {
    fuzz::require(!plan.error().message().empty());
    return 0;
  }
  fuzz::require(rig::validate(plan->rig).has_value());
  const bool apart = plan->pairs.empty() || plan->pairs.front().gap >= sync::LaserDuration{};
  fuzz::require(!plan->feasible() || apart);
  // Delays of ours keep the guard, but for a tick.
  if (plan->rig.delays == rig::Delays::automatic && !plan->pairs.empty())
    fuzz::require(plan->pairs.front().gap + sync::LaserDuration(device_ticks(1)) >=
                  sync::LaserDuration(plan->rig.guard));
  return 0;
}
