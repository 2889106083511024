#include "facts/facts.h"

#include <fmt/format.h>

#include <map>

namespace genlock::facts {
namespace {

constexpr const char* kHead =
    "# The bench against real units\n"
    "\n"
    "Every published figure of real units that the bench shows, as `bench_facts_test` measures it through "
    "the ordinary\n"
    "device interface. That program writes this file (`GENLOCK_REGENERATE=1`) and fails when the two differ, "
    "or when a\n"
    "measured value leaves the range of the real ones. Sources are marked as in [bench.md](bench.md); #N is "
    "issue N of\n"
    "Azure-Kinect-Sensor-SDK. The units are those of the preset `default` unless the row says otherwise; "
    "their stamps\n"
    "jitter by a tick of 11 µs, as those of real units do.\n";

std::string row(const FactCheck& check) {
  const Fact& fact = measured(check);
  return fmt::format("| {} | {} | {} | {} | `{}` |\n", fact.fact, fact.source, fact.real, fact.bench,
                     check.name);
}

}  // namespace

std::vector<Topic> topics() {
  return {{"First stamps and first frames", start_facts()},
          {"Stamps and exposures", timing_facts()},
          {"Synchronised units", sync_facts()},
          {"Starting, stopping, losing the pulse", state_facts()},
          {"At the host", host_facts()},
          {"IMU and warmth", imu_facts()},
          {"Lasers of other units", laser_facts()},
          {"Pictures", image_facts()}};
}

const Fact& measured(const FactCheck& check) {
  static std::map<std::string, Fact> results;
  const auto found = results.find(check.name);
  return found != results.end() ? found->second : results.emplace(check.name, check.measure()).first->second;
}

std::string document() {
  std::string text = kHead;
  for (const Topic& topic : topics()) {
    text += fmt::format("\n## {}\n\n| fact | source | real units | bench | test |\n|---|---|---|---|---|\n",
                        topic.title);
    for (const FactCheck& check : topic.facts) text += row(check);
  }
  return text;
}

}  // namespace genlock::facts
