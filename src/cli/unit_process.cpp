#include "cli/unit_process.h"

#include <fcntl.h>
#include <signal.h>

#include "base/log.h"
#include "cli/armed_log.h"
#include "cli/exit_code.h"
#include "session/child_process.h"
#include "session/session_server.h"

namespace genlock::cli {

std::vector<std::string> unit_process_command(const UnitProcessRequest& request) {
  std::vector<std::string> command{"/proc/self/exe", kUnitProcessVerb, "--name=" + request.name,
                                   "--buffer=" + std::to_string(request.buffer_mb)};
  if (!request.units.bench.empty()) command.push_back("--bench=" + request.units.bench);
  if (!request.units.libk4a.empty()) command.push_back("--libk4a=" + request.units.libk4a.string());
  for (const auto& file : request.units.replay) command.push_back("--replay=" + file.string());
  return command;
}

std::vector<std::string> unit_process_command(const RecorderOptions& options) {
  return unit_process_command(
      UnitProcessRequest{options.units, options.file.stem().string(), options.buffer_mb});
}

int run_unit_process(const UnitProcessRequest& request) {
  fcntl(session::ChildProcess::kInherited, F_SETFD, FD_CLOEXEC);
  session::LineSocket socket{UniqueFd(session::ChildProcess::kInherited)};
  signal(SIGPIPE, SIG_IGN);  // the one who reads what this prints may be gone before its recording ends
  ArmedLog log;
  const Status served = session::serve_session(
      socket, [&request] { return choose_units(request.units); },
      {.name = request.name, .max_queued_bytes = request.buffer_mb * 1'000'000},
      [&log](const session::Event& event) { log.on_event(0, event); });
  if (served) return kDone;
  log_error("{}: {}", request.name, served.error().message());
  return kFailed;
}

}  // namespace genlock::cli
