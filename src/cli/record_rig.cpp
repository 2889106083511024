#include "cli/record_rig.h"

#include <fmt/core.h>
#include <signal.h>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/rig_world.h"
#include "cli/stop_relay.h"
#include "cli/stop_signals.h"
#include "cli/take_console.h"
#include "cli/take_preflight.h"
#include "cli/take_series.h"

namespace genlock::cli {
namespace {

int fail_record(const RecordRigRequest& request, const Error& error) {
  if (request.json) put_out(failure_json(error));
  return fail("genlock record", error.message());
}

}  // namespace

bool is_about_rig(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const bool bench = i > 0 && words[i - 1] == "--bench";
    if (words[i].ends_with(".toml") && !words[i].starts_with("-") && !bench) return true;
  }
  return false;
}

int record_rig(const RecordRigRequest& request) {
  signal(SIGPIPE, SIG_IGN);  // a reader of our output that goes away must not cost the recordings
  StopRelay stops;
  const StopSignals signals([&stops](int) { stops.stop(); });  // before a libk4a makes threads
  const auto ready = preflight(request);
  if (!ready) return fail_record(request, ready.error());
  const auto world = rig_world(request, ready->plan.rig.take.isolation);
  if (!world) return fail_record(request, world.error());
  return TakeSeries(request, *ready, *world, stops).run();
}

}  // namespace genlock::cli
