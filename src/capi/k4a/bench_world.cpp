#include "capi/k4a/bench_world.h"

#include <cstdlib>
#include <string_view>

#include "base/mutex.h"
#include "capi/common/log.h"
#include "device/sim/bench.h"
#include "device/sim/shared_bench.h"
#include "replay/recorded_images.h"

namespace genlock::capi {
namespace {

using device::sim::Bench;
using device::sim::BenchOptions;
using device::sim::LibraryOptions;

/// The bench this process looked at last. It stays open, because opening reads files.
struct World {
  Mutex mutex;
  BenchOptions options GENLOCK_GUARDED_BY(mutex);
  std::shared_ptr<Bench> bench GENLOCK_GUARDED_BY(mutex);
  bool warned GENLOCK_GUARDED_BY(mutex) = false;
};

World& world() {
  static World& instance = *new World;  // Devices may be closed while the process ends.
  return instance;
}

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// Of the switches that mean something with any value that does not begin with 0.
bool is_on(const char* variable) {
  return is_set(variable) && *std::getenv(variable) != '0';
}

BenchOptions wanted_bench() {
  BenchOptions options = device::sim::bench_options_from_environment();
  options.state_directory = device::sim::state_directory();
  options.recorded_images = replay::recorded_images_of;
  return options;
}

bool is_same_bench(const BenchOptions& a, const BenchOptions& b) {
  return a.bench == b.bench && a.host == b.host && a.state_directory == b.state_directory;
}

/// Whether another process has made the bench anew from a changed file.
bool is_retired(Bench& bench) {
  const device::sim::SharedBench::Lock lock(bench.shared());
  return lock.retired();
}

void warn_once(World& world) GENLOCK_REQUIRES(world.mutex) {
  if (is_set("GENLOCK_BENCH") || world.warned) return;
  world.warned = true;
  log_notice(K4A_LOG_LEVEL_WARNING,
             "GENLOCK_BENCH is not set: the units are the simulated ones of the default bench");
}

Result<std::shared_ptr<Bench>> bench() {
  log_own_parts();
  World& here = world();
  MutexLock lock(here.mutex);
  warn_once(here);
  BenchOptions wanted = wanted_bench();
  if (here.bench && is_same_bench(here.options, wanted) && !is_retired(*here.bench)) return here.bench;
  GENLOCK_ASSIGN(here.bench, Bench::open(wanted));
  here.options = std::move(wanted);
  return here.bench;
}

}  // namespace

Result<std::unique_ptr<device::Provider>> bench_units() {
  GENLOCK_ASSIGN(std::shared_ptr<Bench> found, bench());
  const auto pairing =
      is_on("K4A_DISABLE_SYNCHRONIZATION") ? device::PairingMode::pass_through : device::PairingMode::pair;
  return make_provider(std::move(found), {.pairing = pairing, .log_stamps = is_on("K4A_ENABLE_TS_LOGGING")});
}

Result<std::shared_ptr<Bench>> current_bench() {
  {
    MutexLock lock(world().mutex);
    if (world().bench) return world().bench;
  }
  return bench();
}

}  // namespace genlock::capi
