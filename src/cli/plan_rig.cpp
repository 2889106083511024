#include "cli/plan_rig.h"

#include <fmt/core.h>

#include <fstream>

#include "cli/exit_code.h"
#include "cli/output.h"

namespace genlock::cli {
namespace {

int fail_plan(std::string_view what) {
  return fail("genlock plan", what);
}

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  return out.good();
}

}  // namespace

int plan_rig(const PlanRequest& request) {
  auto rig = rig::load_rig(request.rig);
  if (!rig) return fail_plan(rig.error().message());
  const auto plan = rig::make_plan(*std::move(rig));
  if (!plan) return fail_plan(plan.error().message());
  fmt::print("{}", request.json ? plan_json(*plan) : plan_text(*plan));
  if (request.svg && !write(*request.svg, plan_svg(*plan)))
    return fail_plan(fmt::format("writing {} failed; name a file in a folder that can be written to",
                                 request.svg->string()));
  return plan->feasible() ? kDone : kFailed;
}

}  // namespace genlock::cli
