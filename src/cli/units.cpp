#include "cli/units.h"

#include <fmt/format.h>

#include <cstdlib>

#include "device/k4a/provider.h"
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

/// The value of an environment variable; empty where it is not set.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<std::unique_ptr<device::Provider>> simulated_units(const std::string& bench) {
  GENLOCK_ASSIGN(const auto options, chosen_bench(bench));
  return device::sim::open_bench(options);
}

Error no_units(const std::string& why) {
  return Error(
      Errc::not_found,
      fmt::format(
          "no units: {}; units on USB need the libk4a of their maker (docs/hardware.md; --libk4a PATH "
          "names one), for simulated units use --bench default or set GENLOCK_BENCH=default "
          "(genlock bench init writes a bench of your own), for a recording as a unit --replay FILE",
          why));
}

/// Genlock's own library has a bench behind it and no units: nobody shall record simulated units without
/// having asked for them.
Result<std::unique_ptr<device::Provider>> installed_units() {
  auto library = device::k4a::Library::load({});
  if (!library && library.error().code() == Errc::not_found) return no_units(library.error().message());
  if (!library) return library.error();
  if ((*library)->vendor() == device::k4a::Vendor::genlock)
    return no_units(
        fmt::format("{} is Genlock's own, which shows simulated ones", (*library)->file().string()));
  return device::k4a::make_provider(**library, {});
}

}  // namespace

Result<device::sim::BenchOptions> chosen_bench(const std::string& given) {
  if (given.empty() && environment("GENLOCK_BENCH").empty())
    return Error(
        Errc::not_found,
        "no bench: use --bench default or set GENLOCK_BENCH=default (genlock bench init writes a bench of "
        "your own)");
  device::sim::BenchOptions options = device::sim::bench_options_from_environment();
  if (!given.empty()) options.bench = given;
  options.recorded_images = replay::recorded_images_of;
  return options;
}

Result<std::unique_ptr<device::Provider>> choose_units(const UnitChoice& choice) {
  if (!choice.replay.empty()) return replayed_units(choice.replay);
  if (!choice.bench.empty()) return simulated_units(choice.bench);
  if (!choice.libk4a.empty()) return device::k4a::open_library({.path = choice.libk4a, .limits = {}});
  if (!environment("GENLOCK_BENCH").empty()) return simulated_units("");
  if (const std::string path = environment("GENLOCK_LIBK4A"); !path.empty())
    return device::k4a::open_library({.path = path, .limits = {}}).context("GENLOCK_LIBK4A");
  return installed_units();
}

}  // namespace genlock::cli
