#include "cli/units.h"

#include <cstdlib>

#include "device/sim/bench.h"
#include "replay/provider.h"
#include "replay/recorded_images.h"

namespace genlock::cli {
namespace {

Result<std::unique_ptr<device::Provider>> replayed_units(const std::vector<std::filesystem::path>& files) {
  std::vector<replay::Recording> recordings;
  for (const auto& file : files) recordings.push_back(replay::recording_file(file));
  GENLOCK_ASSIGN(std::unique_ptr<device::Provider> units,
                 replay::Provider::create(std::move(recordings), {}));
  return units;
}

}  // namespace

Result<device::sim::BenchOptions> chosen_bench(const std::string& given) {
  const char* named = std::getenv("GENLOCK_BENCH");
  if (given.empty() && (named == nullptr || *named == '\0'))
    return Error(
        Errc::not_found,
        "no units: this version reads no hardware yet; for simulated units use --bench default or set "
        "GENLOCK_BENCH=default (genlock bench init writes a bench of your own), for a recording as a unit "
        "--replay FILE");
  device::sim::BenchOptions options = device::sim::bench_options_from_environment();
  if (!given.empty()) options.bench = given;
  options.recorded_images = replay::recorded_images_of;
  return options;
}

Result<std::unique_ptr<device::Provider>> choose_units(const UnitChoice& choice) {
  if (!choice.replay.empty()) return replayed_units(choice.replay);
  GENLOCK_ASSIGN(const auto options, chosen_bench(choice.bench));
  return device::sim::open_bench(options);
}

}  // namespace genlock::cli
