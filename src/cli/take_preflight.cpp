#include "cli/take_preflight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "cli/output.h"
#include "rig/doctor.h"

namespace genlock::cli {
namespace {

constexpr std::size_t kWarningsTold = 3;

Result<rig::Rig> rig_of(const RecordRigRequest& request) {
  GENLOCK_ASSIGN(rig::Rig rig, rig::load_rig(request.rig));
  if (request.folder) rig.take.folder = *request.folder;
  if (request.isolation) rig.take.isolation = *request.isolation;
  if (rig.take.name.empty()) rig.take.name = rig.name;
  if (request.length_s) rig.length = std::chrono::seconds(std::llround(std::ceil(*request.length_s)));
  return rig;
}

std::string plan_errors(const rig::Plan& plan) {
  std::string text;
  for (const rig::PlanFinding& finding : plan.findings)
    if (finding.severity == rig::Severity::error) text += "\n  plan: " + finding.text;
  return text;
}

/// The units are let go before sessions open them.
Result<std::string> doctor_errors(const RecordRigRequest& request, const rig::Rig& rig) {
  GENLOCK_ASSIGN(const auto units, choose_units(request.units));
  std::string text;
  std::size_t warnings = 0;
  for (const rig::Check& check : rig::examine(rig, *units, rig::local_host(rig.take.folder))) {
    const std::string who = check.units.empty() ? "" : fmt::format("{}: ", fmt::join(check.units, ", "));
    if (check.outcome == rig::Outcome::warning && ++warnings <= kWarningsTold)
      put_err(fmt::format("warning: {}: {}{}\n", check.id, who, check.text));
    if (check.outcome != rig::Outcome::error) continue;
    text += fmt::format("\n  {}: {}{}\n    -> {}", check.id, who, check.text, check.remedy);
  }
  if (warnings > kWarningsTold)
    put_err(fmt::format("warning: and {} more, see genlock doctor {}\n", warnings - kWarningsTold,
                        request.rig.string()));
  return text;
}

}  // namespace

Result<Preflight> preflight(const RecordRigRequest& request) {
  GENLOCK_ASSIGN(rig::Rig rig, rig_of(request));
  GENLOCK_ASSIGN(rig::Plan plan, rig::make_plan(std::move(rig)));
  GENLOCK_ASSIGN(const std::string found, doctor_errors(request, plan.rig));
  const std::string errors = plan_errors(plan) + found;
  if (errors.empty()) return Preflight{std::move(plan), {}};
  if (!request.force)
    return Error(Errc::invalid,
                 fmt::format("the rig is not ready:{}\n`genlock plan` and `genlock doctor` show "
                             "all; --force records all the same",
                             errors));
  put_err(fmt::format("genlock record: forced, although the rig is not ready:{}\n", errors));
  return Preflight{std::move(plan), errors};
}

}  // namespace genlock::cli
