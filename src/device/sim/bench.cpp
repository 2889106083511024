#include "device/sim/bench.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "device/sim/bench_clock.h"
#include "device/sim/bench_events.h"
#include "device/sim/fault_schedule.h"
#include "device/sim/random_faults.h"
#include "device/sim/shared_bench.h"

namespace genlock::device::sim {
namespace {

std::string environment(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : fallback;
}

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// What tells this bench from others: the preset, the file, or the name of the configuration given.
std::string state_name(const BenchOptions& options) {
  std::string identity = "preset:" + options.bench;
  if (options.config) {
    identity = "config:" + options.config->name;
  } else if (const auto presets = preset_names();
             std::ranges::find(presets, options.bench) == presets.end()) {
    std::error_code error;
    identity = "file:" + std::filesystem::weakly_canonical(options.bench, error).string();
  }
  return fmt::format("{:016x}", hash_text(identity));
}

Event event_of(const BenchCommand& command, std::size_t unit) {
  Event event{.unit = static_cast<std::uint8_t>(unit),
              .on = command.on,
              .jack = command.jack,
              .streams = command.streams,
              .count = command.count};
  switch (command.kind) {
    case BenchCommand::Kind::jack:
      event.kind = EventKind::jack;
      break;
    case BenchCommand::Kind::stall:
      event.kind = EventKind::stall;
      break;
    case BenchCommand::Kind::drop:
      event.kind = EventKind::drop;
      break;
    case BenchCommand::Kind::power:
      event.kind = EventKind::power;
      break;
    case BenchCommand::Kind::refuse_open:
      event.kind = EventKind::refuse_open;
      break;
    case BenchCommand::Kind::trigger:
      event.kind = EventKind::trigger;
      break;
    case BenchCommand::Kind::fault:
      return fault_event({.unit = unit,
                          .kind = command.failure,
                          .streams = command.streams,
                          .jack = command.jack,
                          .count = command.count,
                          .knob = command.knob},
                         command.on);
  }
  return event;
}

std::vector<std::string> lasting_faults(const UnitState& unit) {
  std::vector<std::string> names;
  for (const FaultTraits& kind : fault_table()) {
    const FaultState& fault = unit.fault(kind.kind);
    if (!fault.on) continue;
    names.emplace_back(kind.knob.key.empty() ? std::string(kind.name)
                                             : fmt::format("{} {}={}", kind.name, kind.knob.key, fault.knob));
  }
  return names;
}

std::vector<std::size_t> all_units(const BenchConfig& config) {
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < config.units.size(); ++i) units.push_back(i);
  return units;
}

/// The unit of that name, else of that serial.
std::optional<std::size_t> unit_called(const BenchConfig& config, const std::string& name_or_serial) {
  if (const auto named = config.unit_index(name_or_serial)) return named;
  const auto unit = std::ranges::find(config.units, name_or_serial, &UnitConfig::serial);
  if (unit == config.units.end()) return std::nullopt;
  return static_cast<std::size_t>(unit - config.units.begin());
}

}  // namespace

BenchOptions bench_options_from_environment() {
  return {.bench = environment("GENLOCK_BENCH", "default"), .host = environment("GENLOCK_BENCH_HOST", "")};
}

Bench::Bench(BenchOptions options, BenchConfig config)
    : options_(std::move(options)), config_(std::move(config)), wiring_(config_) {}
Bench::~Bench() = default;

Result<std::shared_ptr<Bench>> Bench::open(const BenchOptions& options) {
  auto loaded = options.config ? Result<BenchConfig>(*options.config) : load_bench(options.bench);
  GENLOCK_ASSIGN(BenchConfig config, std::move(loaded));
  GENLOCK_TRY(validate(config).context("bench " + config.name));
  config = with_random_faults(std::move(config));
  const std::shared_ptr<Bench> bench(new Bench(options, std::move(config)));
  GENLOCK_TRY(bench->find_host());
  const auto directory = options.state_directory.empty() ? state_directory() : options.state_directory;
  GENLOCK_ASSIGN(bench->shared_, SharedBench::attach(directory, state_name(options), bench->config_));
  for (const HostConfig& host : bench->config_.hosts)
    if (host.name == options.host) bench->pc_clock_ = PcClock(bench->shared_->boot(), host);
  bench->clock_ = std::make_unique<BenchClock>(*bench->shared_, bench->pc_clock_);
  return bench;
}

Status Bench::find_host() {
  if (options_.host.empty()) {
    visible_ = all_units(config_);
    return {};
  }
  std::vector<std::string> names;
  for (const HostConfig& host : config_.hosts) {
    names.push_back(host.name);
    if (host.name != options_.host) continue;
    for (const std::string& unit : host.units) visible_.push_back(*config_.unit_index(unit));
    return {};
  }
  return Error(Errc::not_found, fmt::format("bench {} has no host {}; it has: {} (GENLOCK_BENCH_HOST)",
                                            config_.name, options_.host, fmt::join(names, ", ")));
}

Clock& Bench::clock() {
  return *clock_;
}

Status Bench::step(HostDuration by) {
  if (!config_.stepped) {
    return Error(Errc::state,
                 fmt::format("bench {} runs by itself; only one with clock = \"stepped\" can be stepped",
                             config_.name));
  }
  if (by < HostDuration::zero()) return Error(Errc::invalid, "a bench cannot be stepped back in time");
  shared_->step(by);
  return {};
}

HostIdentity Bench::host() const {
  return {.name = options_.host.empty() ? "bench" : options_.host,
          .boot_id = shared_->instance_id(hash_text(options_.host))};
}

Status Bench::apply(const BenchCommand& command) {
  std::size_t unit = 0;
  if (command.kind == BenchCommand::Kind::trigger) {
    if (!config_.trigger)
      return Error(Errc::not_found, fmt::format("bench {} has no external trigger", config_.name));
  } else {
    const auto found = unit_called(config_, command.unit);
    if (!found)
      return Error(Errc::not_found, fmt::format("bench {} has no unit {}", config_.name, command.unit));
    unit = *found;
  }
  SharedBench::Lock lock(*shared_);
  if (lock.retired())
    return Error(Errc::busy, "the bench was set up anew with another configuration; open it again");
  append_now(lock, *shared_, config_, event_of(command, unit));
  return {};
}

BenchStatus Bench::status() {
  SharedBench::Lock lock(*shared_);
  const HostTime now = shared_->now();
  BenchStatus status{.since_boot = now - shared_->boot(), .state_file = shared_->path(), .units = {}};
  status.waits_for = shared_->held_by();
  status.waited = shared_->waited();
  catch_up(lock, *shared_, config_, now, all_units(config_));
  const BenchState& state = lock.state();
  for (std::size_t i = 0; i < config_.units.size(); ++i) {
    const UnitState& unit = state.units[i];
    const UnitUse use = shared_->use(i);
    status.units.push_back({.name = config_.units[i].name,
                            .serial = config_.units[i].serial,
                            .index = static_cast<unsigned>(i),
                            .plugged = unit.plugged,
                            .open_by = use.pid,
                            .running = unit.running ? std::optional(unit.config) : std::nullopt,
                            .jacks = wiring_.jacks(state, i),
                            .open_refused = unit.open_refused,
                            .stalled = unit.stalled,
                            .faults = lasting_faults(unit),
                            .locked = unit.running && use.locked,
                            .has_pulses = wiring_.pulse_source(state, i, now).has_value(),
                            .captures_dropped = use.captures_dropped,
                            .pulses = use.pulses,
                            .captures = use.captures,
                            .color_frames = use.color_frames,
                            .depth_frames = use.depth_frames,
                            .imu_samples = use.imu_samples});
  }
  return status;
}

}  // namespace genlock::device::sim
