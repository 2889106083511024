#include "cli/unit_process.h"

#include <fcntl.h>

#include "base/log.h"
#include "cli/exit_code.h"
#include "session/child_process.h"
#include "session/session_server.h"

namespace genlock::cli {

std::vector<std::string> unit_process_command(const RecorderOptions& options) {
  std::vector<std::string> command{"/proc/self/exe", kUnitProcessVerb,
                                   "--name=" + options.file.stem().string(),
                                   "--buffer=" + std::to_string(options.buffer_mb)};
  if (!options.units.bench.empty()) command.push_back("--bench=" + options.units.bench);
  if (!options.units.libk4a.empty()) command.push_back("--libk4a=" + options.units.libk4a.string());
  for (const auto& file : options.units.replay) command.push_back("--replay=" + file.string());
  return command;
}

int run_unit_process(const UnitProcessRequest& request) {
  fcntl(session::ChildProcess::kInherited, F_SETFD, FD_CLOEXEC);
  session::LineSocket socket{UniqueFd(session::ChildProcess::kInherited)};
  const Status served =
      session::serve_session(socket, [&request] { return choose_units(request.units); },
                             {.name = request.name, .max_queued_bytes = request.buffer_mb * 1'000'000});
  if (served) return kDone;
  log_error("{}: {}", request.name, served.error().message());
  return kFailed;
}

}  // namespace genlock::cli
