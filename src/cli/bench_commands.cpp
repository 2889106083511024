#include "cli/bench_commands.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "cli/bench_text.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/text.h"
#include "cli/units.h"
#include "device/sim/bench_config.h"

namespace genlock::cli {
namespace {

using device::sim::BenchStatus;
using device::sim::UnitStatus;
using Json = nlohmann::ordered_json;

int report(const Status& status) {
  if (status) return kDone;
  return fail_as("genlock bench", status.error());
}

Result<std::shared_ptr<device::sim::Bench>> open(const BenchRequest& request) {
  GENLOCK_ASSIGN(auto options, chosen_bench(request.bench));
  options.host.clear();  // the whole bench, whichever host one looks from
  return device::sim::Bench::open(options);
}

void print_text(const device::sim::BenchConfig& config, const BenchStatus& status) {
  std::vector<std::vector<std::string>> rows{
      {"unit", "serial", "state", "process", "sync in", "sync out", "pulse", "captures", "faults"}};
  for (const UnitStatus& unit : status.units)
    rows.push_back({unit.name, unit.serial, running_text(unit),
                    unit.open_by != 0 ? fmt::format("{}", unit.open_by) : "-", plug_text(unit.jacks.in),
                    plug_text(unit.jacks.out), fmt::format("{}", unit.pulses),
                    fmt::format("{}", unit.captures), faults_text(unit)});
  fmt::print("bench {}, running for {}\n{}", config.name,
             readable_seconds(std::chrono::duration<double>(status.since_boot).count()), columns(rows));
  for (const auto& cable : config.cables)
    fmt::print("cable: {} {} -> {} {}\n", end_name(cable.from), jack_name(cable.from.jack), cable.to.unit,
               jack_name(cable.to.jack));
  for (const auto& host : config.hosts) {
    std::string names;
    for (const std::string& unit : host.units) names += " " + unit;
    fmt::print("host {}:{}, USB {:.0f} MB/s\n", host.name, names, host.usb_mb_per_s);
  }
  if (!config.faults.empty())
    fmt::print("{} faults are scheduled in the bench's file\n", config.faults.size());
}

void print_json(const device::sim::BenchConfig& config, const BenchStatus& status) {
  fmt::print("{}\n", bench_json(config, status).dump(2));
}

Status show(const BenchRequest& request) {
  GENLOCK_ASSIGN(const auto bench, open(request));
  request.json ? print_json(bench->config(), bench->status()) : print_text(bench->config(), bench->status());
  return {};
}

Status init(const BenchRequest& request) {
  const std::string text = device::sim::bench_template();
  if (request.file.empty()) {
    fmt::print("{}", request.json ? Json{{"template", text}}.dump(2) + "\n" : text);
    return {};
  }
  auto file = create_file(request.file, request.force ? IfExists::replace : IfExists::refuse);
  if (!file && file.error().code() == Errc::exists) return file.error().context("--force replaces a file");
  if (!file) return file.error();
  GENLOCK_TRY((*file)->append(std::as_bytes(std::span(text))));
  const std::string name = request.file.string();
  fmt::print("{}\n", request.json ? Json{{"file", name}}.dump(2)
                                  : fmt::format("wrote {0}; use it with --bench {0}", name));
  return {};
}

Status set(const BenchRequest& request) {
  std::vector<std::string> words{request.unit};
  words.insert(words.end(), request.changes.begin(), request.changes.end());
  GENLOCK_ASSIGN(const auto command, device::sim::parse_bench_command(words));
  GENLOCK_ASSIGN(const auto bench, open(request));
  GENLOCK_TRY(bench->apply(command));
  if (request.json) print_json(bench->config(), bench->status());
  return {};
}

}  // namespace

int bench_init(const BenchRequest& request) {
  return report(init(request));
}
int bench_show(const BenchRequest& request) {
  return report(show(request));
}
int bench_set(const BenchRequest& request) {
  return report(set(request));
}

std::string bench_changes_help() {
  return std::string(device::sim::bench_command_help());
}

}  // namespace genlock::cli
