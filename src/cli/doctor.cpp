#include "cli/doctor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/text.h"
#include "rig/doctor.h"

namespace genlock::cli {
namespace {

using rig::Check;
using rig::Outcome;
using Json = nlohmann::ordered_json;

std::size_t count(const std::vector<Check>& checks, Outcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(checks, outcome, &Check::outcome));
}

std::string about(const Check& check) {
  if (check.units.empty()) return check.text;
  return fmt::format("{}: {}", fmt::join(check.units, ", "), check.text);
}

std::string verdict(const std::vector<Check>& checks) {
  const auto errors = count(checks, Outcome::error);
  std::string text = errors == 0 ? "READY: " : fmt::format("NOT READY: {}, ", counted(errors, "error"));
  return text + fmt::format("{}, {} unknown, {} ok\n", counted(count(checks, Outcome::warning), "warning"),
                            count(checks, Outcome::unknown), count(checks, Outcome::ok));
}

std::string text_of(const std::vector<Check>& checks) {
  std::vector<std::vector<std::string>> rows;
  for (const Check& check : checks) {
    rows.push_back({std::string(to_string(check.outcome)), check.id, about(check)});
    if (!check.remedy.empty()) rows.push_back({"", "", "-> " + check.remedy});
  }
  return columns(rows) + verdict(checks);
}

std::string json_of(const std::vector<Check>& checks) {
  Json lines = Json::array();
  for (const Check& check : checks)
    lines.push_back({{"id", check.id},
                     {"outcome", to_string(check.outcome)},
                     {"units", check.units},
                     {"text", check.text},
                     {"remedy", check.remedy}});
  const Json json = {{"ready", !rig::has_errors(checks)}, {"checks", std::move(lines)}};
  return json.dump(2) + "\n";
}

/// What a part of the examination that could not even begin leaves behind.
Check failed(std::string id, const Error& error, std::string remedy) {
  return {.id = std::move(id),
          .outcome = Outcome::error,
          .units = {},
          .text = error.message(),
          .remedy = std::move(remedy)};
}

Check was_read(const std::filesystem::path& file, const rig::Rig& rig) {
  return {.id = "rig_file",
          .outcome = Outcome::ok,
          .units = {},
          .text = fmt::format("{} was read: {}", file.string(), counted(rig.units.size(), "unit")),
          .remedy = ""};
}

std::vector<Check> examine(const DoctorRequest& request) {
  std::vector<Check> checks;
  std::optional<rig::Rig> rig;
  if (request.rig) {
    auto loaded = rig::load_rig(*request.rig);
    if (loaded) {
      rig = *std::move(loaded);
      checks.push_back(was_read(*request.rig, *rig));
    } else {
      checks.push_back(failed("rig_file", loaded.error(), "correct the rig file (docs/rig.md)"));
    }
  }
  auto units = choose_units(request.units);
  if (!units) checks.push_back(failed("unit_present", units.error(), "see docs/hardware.md"));
  rig::Host host = rig::local_host(request.folder ? *request.folder : rig ? rig->take.folder : ".");
  host.root = request.root;
  const auto rest = rig::examine(rig ? &*rig : nullptr, units ? units->get() : nullptr, host);
  checks.insert(checks.end(), rest.begin(), rest.end());
  return checks;
}

}  // namespace

int run_doctor(const DoctorRequest& request) {
  const std::vector<Check> checks = examine(request);
  fmt::print("{}", request.json ? json_of(checks) : text_of(checks));
  return rig::has_errors(checks) ? kFailed : kDone;
}

}  // namespace genlock::cli
